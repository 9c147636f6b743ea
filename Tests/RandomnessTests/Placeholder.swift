// Tests of Randomness.
