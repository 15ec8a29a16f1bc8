//! Chinese and English texts, and their look-up.
