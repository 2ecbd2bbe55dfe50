/// The tables and the text that the demos train on; README.md says where each comes from.
enum Resources {}
