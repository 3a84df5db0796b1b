"""The baker: makes an image of an instance that CodeDeploy just updated and promotes it.

Read it from `entry.handle` (what the function can be asked for) over `answering` (the answer to
CodePipeline) to `bake.steps`, the list of steps. Each step is a file in `steps`; what they decide
without AWS is in `decisions`, their types in `model`, their texts in `messages`; AWS is called in
`aws` alone.
"""
