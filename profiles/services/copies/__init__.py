"""A copy of everything that is held about one learner, made by walking what the models declare."""
