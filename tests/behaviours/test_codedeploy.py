"""CodeDeploy: revisions get onto instances event by event, and images remember them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from botocore.exceptions import ClientError

from local_aws.client import LocalAws
from support import fleet
from support.delivery import APPSPEC, Deployments, bundle
from support.fleet import client


@pytest.fixture(scope="module")
def pair(aws: LocalAws) -> Deployments:
    """A group of two instances; tests leave it with two in service."""
    return Deployments(aws, capacity=2)


@pytest.fixture
def clear_conditions(aws: LocalAws) -> Iterator[None]:
    yield
    aws.set_conditions(script_failures=[], lifecycle_event_seconds=2)


def test_a_deployment_installs_the_revision_on_every_instance(pair: Deployments) -> None:
    info = pair.deploy(bundle("one"))
    assert (info["status"], info["creator"]) == ("Succeeded", "user")
    assert info["deploymentOverview"]["Succeeded"] == 2
    for instance in pair.instances():
        assert pair.files(instance)["/srv/app/VERSION"] == "one"


def test_events_come_in_codedeploys_order(pair: Deployments) -> None:
    target = next(iter(pair.targets(pair.deploy(bundle())["deploymentId"]).values()))
    assert [event["lifecycleEventName"] for event in target["lifecycleEvents"]] == [
        "ApplicationStop",
        "DownloadBundle",
        "BeforeInstall",
        "Install",
        "AfterInstall",
        "ApplicationStart",
        "ValidateService",
    ]
    assert {event["status"] for event in target["lifecycleEvents"]} == {"Succeeded"}


def test_the_agent_downloads_with_the_role_of_the_instance(pair: Deployments) -> None:
    pair.deploy(bundle())
    downloads = [
        request
        for request in pair.aws.requests(principal="role/profile")
        if request["operation"] == "GetObject" and request["parameters"]["Bucket"] == pair.bucket
    ]
    assert downloads and all("VersionId" in request["parameters"] for request in downloads)


@pytest.mark.parametrize(
    ("appspec", "message"),
    [
        (None, "did not find an AppSpec file"),
        ("version: [", "YAML is not valid"),
        (APPSPEC.replace("0.0", "1.0"), "unsupported version: 1.0"),
        (APPSPEC.replace("linux", "solaris"), "unsupported os: solaris"),
        (APPSPEC.replace("ApplicationStart", "AfterEverything"), "unknown lifecycle event"),
        (APPSPEC.replace("source: src", "source: nowhere"), "No such file or directory"),
        (APPSPEC + "file_exists_behavior: PERHAPS\n", "unsupported file_exists_behavior"),
    ],
)
def test_a_bad_appspec_fails_the_deployment(
    pair: Deployments, appspec: str | None, message: str
) -> None:
    info = pair.deploy(bundle(appspec=appspec))
    assert info["status"] == "Failed"
    assert info["errorInformation"]["code"] == "HEALTH_CONSTRAINTS"
    assert message in info["errorInformation"]["message"]


def test_a_script_that_is_not_in_the_revision_fails_its_event(pair: Deployments) -> None:
    spec = APPSPEC.replace("scripts/start.sh", "scripts/launch.sh")
    info = pair.deploy(bundle(appspec=spec))
    target = next(iter(pair.targets(info["deploymentId"]).values()))
    (failed,) = [event for event in target["lifecycleEvents"] if event["status"] == "Failed"]
    assert failed["lifecycleEventName"] == "ApplicationStart"
    assert failed["diagnostics"]["errorCode"] == "ScriptMissing"
    assert failed["diagnostics"]["scriptName"] == "scripts/launch.sh"


@pytest.mark.usefixtures("clear_conditions")
def test_a_script_can_fail_on_one_instance(pair: Deployments) -> None:
    first, second = pair.instances()
    failure = {"lifecycle_event": "ApplicationStart", "instance_id": first}
    pair.aws.set_conditions(script_failures=[failure])
    info = pair.deploy(bundle("half"))
    targets = pair.targets(info["deploymentId"])
    assert info["status"] == "Succeeded", "all at once needs one instance that succeeds"
    assert (targets[first]["status"], targets[second]["status"]) == ("Failed", "Succeeded")
    succeeded = pair.codedeploy.list_deployment_targets(
        deploymentId=info["deploymentId"], targetFilters={"TargetStatus": ["Succeeded"]}
    )
    assert succeeded["targetIds"] == [second]


@pytest.mark.usefixtures("clear_conditions")
def test_application_stop_is_the_one_of_the_revision_before(pair: Deployments) -> None:
    without_stop = bundle(appspec=APPSPEC.replace("stop.sh", "start.sh"))
    pair.deploy(bundle())
    pair.aws.set_conditions(script_failures=[{"lifecycle_event": "ApplicationStop"}])
    info = pair.deploy(without_stop)
    target = next(iter(pair.targets(info["deploymentId"]).values()))
    failed = target["lifecycleEvents"][0]
    assert failed["diagnostics"]["scriptName"] == "scripts/stop.sh"


@pytest.mark.parametrize(
    ("behavior", "status", "content"),
    [
        ("", "Failed", "mine"),
        ("file_exists_behavior: OVERWRITE\n", "Succeeded", "new"),
        ("file_exists_behavior: RETAIN\n", "Succeeded", "mine"),
    ],
)
def test_files_that_are_there_already(
    aws: LocalAws, behavior: str, status: str, content: str
) -> None:
    single = Deployments(aws)
    (instance,) = single.instances()
    aws.write_file(instance, "/srv/app/VERSION", "mine")
    info = single.deploy(bundle("new", appspec=APPSPEC + behavior))
    assert info["status"] == status
    assert single.files(instance)["/srv/app/VERSION"] == content


def test_files_of_the_last_revision_go_before_the_next_one_comes(pair: Deployments) -> None:
    pair.deploy(bundle(src__old="x"))
    pair.deploy(bundle())
    assert "/srv/app/old" not in pair.files(pair.instances()[0])


@pytest.mark.usefixtures("clear_conditions")
def test_a_group_takes_one_deployment_at_a_time(pair: Deployments) -> None:
    pair.aws.set_conditions(lifecycle_event_seconds=60)
    running = pair.create(bundle())
    with pytest.raises(ClientError, match=f"already has an active Deployment '{running}'"):
        pair.create(bundle())
    pair.codedeploy.stop_deployment(deploymentId=running)
    assert pair.ended(running)["status"] == "Stopped"


def test_a_failed_deployment_is_rolled_back_when_the_group_says_so(aws: LocalAws) -> None:
    rollback = {"enabled": True, "events": ["DEPLOYMENT_FAILURE"]}
    single = Deployments(aws, autoRollbackConfiguration=rollback)
    good = single.deploy(bundle("good"))
    bad = single.deploy(bundle("bad", appspec=None))
    info = fleet.eventually(
        lambda: single.info(bad["deploymentId"]), lambda info: "rollbackInfo" in info
    )
    back = single.ended(info["rollbackInfo"]["rollbackDeploymentId"])
    assert (back["creator"], back["status"]) == ("codeDeployRollback", "Succeeded")
    assert back["revision"] == good["revision"]
    assert back["rollbackInfo"]["rollbackTriggeringDeploymentId"] == bad["deploymentId"]


@pytest.mark.parametrize(
    ("config", "status", "statuses"),
    [
        ("AllAtOnce", "Succeeded", ["Failed", "Succeeded", "Succeeded"]),
        ("HalfAtATime", "Succeeded", ["Failed", "Succeeded", "Succeeded"]),
        ("OneAtATime", "Failed", ["Failed", "Skipped", "Skipped"]),
    ],
)
@pytest.mark.usefixtures("clear_conditions")
def test_how_many_instances_may_fail_is_for_the_configuration_to_say(
    aws: LocalAws, config: str, status: str, statuses: list[str]
) -> None:
    three = Deployments(aws, 3, deploymentConfigName=f"CodeDeployDefault.{config}")
    first = three.codedeploy.list_deployment_targets(
        deploymentId=three.deploy(bundle())["deploymentId"]
    )["targetIds"][0]
    failure = {"lifecycle_event": "ApplicationStart", "instance_id": first}
    aws.set_conditions(script_failures=[failure])
    info = three.deploy(bundle())
    found = [target["status"] for target in three.targets(info["deploymentId"]).values()]
    assert (info["status"], sorted(found)) == (status, statuses)


def test_the_group_knows_its_last_deployments(pair: Deployments) -> None:
    good = pair.deploy(bundle())["deploymentId"]
    bad = pair.deploy(bundle(appspec=None))["deploymentId"]
    group = pair.codedeploy.get_deployment_group(**pair.names)["deploymentGroupInfo"]
    assert group["lastSuccessfulDeployment"]["deploymentId"] == good
    assert group["lastAttemptedDeployment"]["deploymentId"] == bad


def test_deployments_are_listed_newest_first_and_by_time(pair: Deployments) -> None:
    older = pair.deploy(bundle())
    newer = pair.deploy(bundle())["deploymentId"]
    listed = pair.codedeploy.list_deployments(
        **pair.names, createTimeRange={"start": older["createTime"].replace(microsecond=0)}
    )["deployments"]
    assert listed[:2] == [newer, older["deploymentId"]]
    infos = pair.codedeploy.batch_get_deployments(deploymentIds=listed[:2])["deploymentsInfo"]
    assert {info["deploymentId"] for info in infos} == set(listed[:2])


def test_a_group_without_instances_cannot_be_deployed_to(aws: LocalAws) -> None:
    info = Deployments(aws, capacity=0).deploy(bundle())
    assert (info["status"], info["errorInformation"]["code"]) == ("Failed", "NO_INSTANCES")


def test_an_instance_that_is_launched_gets_the_last_successful_revision(aws: LocalAws) -> None:
    single = Deployments(aws)
    deployed = single.deploy(bundle("live"))
    known = single.instances()
    fleet.scale(aws, single.group, 2)
    members = fleet.in_service(aws, single.group, 2)
    (new,) = {member["InstanceId"] for member in members} - set(known)
    assert single.files(new)["/srv/app/VERSION"] == "live"
    listed = single.codedeploy.list_deployments(**single.names)["deployments"]
    launch = single.info(listed[0])
    assert (launch["creator"], launch["revision"]) == ("autoscaling", deployed["revision"])


@pytest.mark.usefixtures("clear_conditions")
def test_an_instance_whose_launch_deployment_fails_does_not_come_into_service(
    aws: LocalAws,
) -> None:
    single = Deployments(aws)
    single.deploy(bundle())
    aws.set_conditions(script_failures=[{"lifecycle_event": "ApplicationStart"}])
    fleet.scale(aws, single.group, 2)
    fleet.eventually(
        lambda: single.codedeploy.list_deployments(**single.names, includeOnlyStatuses=["Failed"])[
            "deployments"
        ],
        bool,
    )
    assert len(single.instances()) == 1


def test_an_image_remembers_the_revision_and_so_does_its_instance(aws: LocalAws) -> None:
    single = Deployments(aws)
    deployment = single.deploy(bundle("baked"))["deploymentId"]
    (instance,) = single.instances()
    client(aws, "ssm").send_command(
        DocumentName="AWS-RunShellScript",
        InstanceIds=[instance],
        Parameters={"commands": ["sync"]},
    )
    fleet.eventually(lambda: aws.disk(instance).flushed, lambda disk: bool(disk))
    image = fleet.bake(aws, instance, NoReboot=True)
    new = fleet.run_instance(aws, ImageId=image)
    installed = aws.last_installed(new)
    assert installed and installed["deployment_id"] == deployment
    assert single.files(new)["/srv/app/VERSION"] == "baked"


def test_traffic_is_blocked_and_allowed_with_the_service_role(aws: LocalAws) -> None:
    elb, ec2 = client(aws, "elbv2"), client(aws, "ec2")
    vpc = ec2.describe_vpcs()["Vpcs"][0]["VpcId"]
    target_group = elb.create_target_group(
        Name=fleet.unique("tg"), Protocol="HTTP", Port=80, VpcId=vpc
    )["TargetGroups"][0]
    single = Deployments(
        aws,
        deploymentStyle={
            "deploymentType": "IN_PLACE",
            "deploymentOption": "WITH_TRAFFIC_CONTROL",
        },
        loadBalancerInfo={"targetGroupInfoList": [{"name": target_group["TargetGroupName"]}]},
    )
    info = single.deploy(bundle())
    assert info["status"] == "Succeeded"
    target = next(iter(single.targets(info["deploymentId"]).values()))
    names = [event["lifecycleEventName"] for event in target["lifecycleEvents"]]
    assert names[:3] == ["BeforeBlockTraffic", "BlockTraffic", "AfterBlockTraffic"]
    assert names[-3:] == ["BeforeAllowTraffic", "AllowTraffic", "AfterAllowTraffic"]
    operations = [request["operation"] for request in aws.requests(principal=single.role)]
    assert operations.index("DeregisterTargets") < operations.index("RegisterTargets")


def test_what_is_not_modelled_is_refused(pair: Deployments) -> None:
    revision = {"revisionType": "GitHub", "gitHubLocation": {"repository": "a/b", "commitId": "c"}}
    with pytest.raises(ClientError, match="NotKnownToLocalAws"):
        pair.codedeploy.create_deployment(**pair.names, revision=revision)
