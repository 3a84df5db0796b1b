"""AWS CodePipeline: executions that run the stages of a pipeline."""

from __future__ import annotations

from moto.codepipeline import models, urls

from local_aws.services.codepipeline.operations import CodePipelineOperations
from local_aws.services.codepipeline.pipelines import Pipelines


def install() -> None:
    models.codepipeline_backends.backend = Pipelines
    urls.url_paths["{0}/$"] = CodePipelineOperations.dispatch
