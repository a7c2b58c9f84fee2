# The same as site.yml, as a pyinfra user would write it.
from pyinfra.operations import files
files.directory(path="/srv/bench", mode="755")
files.sync(src="../../../.cache/bench/input/tree", dest="/srv/bench/tree", mode="644", dir_mode="755")
