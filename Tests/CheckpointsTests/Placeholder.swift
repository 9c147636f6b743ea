// Tests of Checkpoints.
