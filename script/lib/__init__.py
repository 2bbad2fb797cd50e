"""What the scripts beside this folder are made of: the embedded servers, the environment, the supervisor."""
