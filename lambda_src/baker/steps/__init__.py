"""The steps of a bake, one in each file; `baker.bake` lists them in order.

A step looks at what exists. It has nothing (more) to do and returns nothing, or it gives the answer
to the job. What later steps need, it leaves in the `Bake`.
"""
