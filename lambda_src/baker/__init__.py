"""The baker: makes an image of an instance that CodeDeploy just updated and promotes it.

Read it from `entry.handler` (the answer to CodePipeline) to `bake.bake` (the steps).
"""
