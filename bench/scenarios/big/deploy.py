# The same as site.yml, as a pyinfra user would write it.
from pyinfra.operations import files
files.directory(path="/srv/bench", mode="755")
files.put(src="../../../.cache/bench/input/big", dest="/srv/bench/big", mode="644")
