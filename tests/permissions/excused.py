"""Actions that are granted although nothing on the local AWS asks for them, each with the reason.

Keys are the statement's Sid and the action.
"""

from __future__ import annotations

_CODEPIPELINE = (
    'AWS CodePipeline User Guide, "Manage the CodePipeline service role": one of the minimum '
    "permissions; AWS does not say when it is used"
)
_CODECOMMIT = 'AWS CodePipeline User Guide, "Service role permissions: CodeCommit action"'
_CODEDEPLOY = 'AWS CodePipeline User Guide, "Service role permissions: AWS CodeDeploy action"'
_S3_SOURCE = 'AWS CodePipeline User Guide, "Service role permissions: S3 source action"'
_LAMBDA = (
    'AWS CodePipeline User Guide, "Invoke an AWS Lambda function in a pipeline": without it '
    "pipelines with Lambda actions fail"
)
_REVISION = (
    'AWS CodeDeploy User Guide, "Create an IAM instance profile for your Amazon EC2 instances": '
    "for a revision that is deployed by hand, without the version of its object"
)
_AGENT = (
    'AWS Systems Manager User Guide, "Configure instance permissions required for Systems '
    'Manager": the SSM Agent, which does not run on the local AWS'
)
_IMAGES = (
    'Amazon EC2 User Guide, "Identify your resources referencing specified AMIs": EC2 reads it '
    "when there is such a reference"
)
_SCOPED = "part of AWSCodeDeployRole that serves deployments in place; AWS does not say when"
_EBS = (
    'Amazon EBS User Guide, "Requirements for Amazon EBS encryption"; AWS does not say which of '
    "them CreateImage asks for"
)
_ADMINISTRATION = "for who applies and destroys, which the local AWS does not ask IAM about"


def _all(sid: str, reason: str, *actions: str) -> dict[tuple[str, str], str]:
    return {(sid, action): reason for action in actions}


EXCUSED: dict[tuple[str, str], str] = {
    **_all(
        "ReadArtifactBucketSettings",
        _CODEPIPELINE,
        "s3:GetBucketAcl",
        "s3:GetBucketLocation",
        "s3:GetBucketVersioning",
    ),
    **_all(
        "ReadAndWriteArtifacts",
        _CODEPIPELINE,
        "s3:GetObject",
        "s3:GetObjectVersion",
        "s3:GetObjectTagging",
        "s3:GetObjectVersionTagging",
        "s3:PutObjectAcl",
        "s3:PutObjectTagging",
    ),
    **_all("EncryptAndDecryptArtifacts", _CODEPIPELINE, "kms:Decrypt"),
    **_all("ReadRepository", _CODECOMMIT, "codecommit:CancelUploadArchive"),
    **_all(
        "ReadSourceBucketSettings",
        _S3_SOURCE,
        "s3:GetBucketAcl",
        "s3:GetBucketLocation",
    ),
    **_all(
        "ReadSourceObject",
        _S3_SOURCE,
        "s3:GetObjectTagging",
        "s3:GetObjectVersion",
        "s3:GetObjectVersionTagging",
    ),
    **_all("DownloadRevisions", _REVISION, "s3:GetObject"),
    **_all(
        "RegisterRevision",
        _CODEDEPLOY,
        "codedeploy:GetApplication",
        "codedeploy:GetApplicationRevision",
        "codedeploy:ListDeploymentGroups",
    ),
    **_all("Deploy", _CODEDEPLOY, "codedeploy:GetDeploymentGroup", "codedeploy:ListDeployments"),
    **_all("ReadDeploymentConfig", _CODEDEPLOY, "codedeploy:GetDeploymentConfig"),
    **_all("ListDeploymentConfigs", _CODEDEPLOY, "codedeploy:ListDeploymentConfigs"),
    **_all("ListFunctions", _LAMBDA, "lambda:ListFunctions"),
    **_all("RegisterWithSystemsManager", _AGENT, "ssm:UpdateInstanceInformation"),
    **_all(
        "UseRunCommandAndSessionManager",
        _AGENT,
        "ssmmessages:CreateControlChannel",
        "ssmmessages:CreateDataChannel",
        "ssmmessages:OpenControlChannel",
        "ssmmessages:OpenDataChannel",
    ),
    **_all(
        "ReadImageReferencesThroughEc2",
        _IMAGES,
        "imagebuilder:GetContainerRecipe",
        "ssm:GetParameters",
    ),
    **_all(
        "DescribeGroupAndInstances",
        _SCOPED,
        "autoscaling:DescribeAutoScalingInstances",
        "autoscaling:DescribeLifecycleHooks",
        "ec2:DescribeInstances",
        "ec2:DescribeInstanceStatus",
    ),
    **_all(
        "DeployToNewInstances",
        _SCOPED,
        "autoscaling:RecordLifecycleActionHeartbeat",
    ),
    **_all(
        "SuspendScalingProcesses",
        _SCOPED,
        "autoscaling:ResumeProcesses",
        "autoscaling:SuspendProcesses",
    ),
    **_all(
        "DescribeLoadBalancer",
        _SCOPED,
        "elasticloadbalancing:DescribeLoadBalancerAttributes",
        "elasticloadbalancing:DescribeLoadBalancers",
        "elasticloadbalancing:DescribeTargetGroupAttributes",
    ),
    **_all(
        "ImageEncryptedVolumes",
        _EBS,
        "kms:Decrypt",
        "kms:DescribeKey",
        "kms:GenerateDataKeyWithoutPlaintext",
        "kms:ReEncryptFrom",
        "kms:ReEncryptTo",
    ),
    **_all("GrantKeyForSnapshots", _EBS, "kms:CreateGrant"),
    **_all(
        "AdministerKeyThroughIam",
        _ADMINISTRATION,
        "kms:CancelKeyDeletion",
        "kms:CreateAlias",
        "kms:DeleteAlias",
        "kms:DisableKey",
        "kms:DisableKeyRotation",
        "kms:EnableKey",
        "kms:EnableKeyRotation",
        "kms:GetKeyPolicy",
        "kms:GetKeyRotationStatus",
        "kms:ListGrants",
        "kms:ListKeyPolicies",
        "kms:ListKeyRotations",
        "kms:ListResourceTags",
        "kms:PutKeyPolicy",
        "kms:RetireGrant",
        "kms:RevokeGrant",
        "kms:RotateKeyOnDemand",
        "kms:ScheduleKeyDeletion",
        "kms:TagResource",
        "kms:UntagResource",
        "kms:UpdateAlias",
        "kms:UpdateKeyDescription",
    ),
    **_all("GrantKeyToAutoScalingThroughIam", _ADMINISTRATION, "kms:CreateGrant"),
    **_all("DescribeAlarms", _SCOPED, "cloudwatch:DescribeAlarms"),
}
