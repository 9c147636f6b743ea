// Tests of Parallelism.
