//! What is on disk: journal segments, sled trees, checkpoints, recovery, backup. It does not know what the bytes mean.
