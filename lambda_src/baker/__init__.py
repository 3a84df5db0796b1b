"""The baker: makes an image of an instance that CodeDeploy just updated and promotes it.

Read it from `entry.handler` (what the function can be asked for) over `answering` (the answer to
CodePipeline) to `bake.bake` (the steps). What decides without AWS is in `deployment`, `fleet`,
`image` and `retention`; what reads and changes AWS for them is in `deployments`, `template`,
`capture`, `standby`, `cleaning` and `undo`, and all of it goes through `aws`.
"""
