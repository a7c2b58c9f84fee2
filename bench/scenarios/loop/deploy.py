# The same as site.yml, as a pyinfra user would write it.
from io import StringIO
from pyinfra.operations import files
files.directory(path="/srv/bench", mode="755")
for item in range(100):
    files.put(src=StringIO(f"item {item}\n"), dest=f"/srv/bench/{item}.conf", mode="644")
