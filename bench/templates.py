"""The Python side of the template benchmark: reads the data, then one request a line, and answers each with a line of JSON."""

import json
import sys
import time

import jinja2
from jinja2 import pass_environment


@pass_environment
def extract(environment, item, container, morekeys=None):
    """Ansible's filter, which Jinja2 does not have."""
    keys = [item] if morekeys is None else [item, *morekeys] if isinstance(morekeys, list) else [item, morekeys]
    value = container
    for key in keys:
        value = environment.getitem(value, key)
    return value


def main():
    data = json.loads(sys.stdin.readline())
    variables = {int(hosts): one for hosts, one in data["variables"].items()}
    environment = jinja2.Environment(trim_blocks=True, keep_trailing_newline=True, undefined=jinja2.StrictUndefined)
    environment.filters["extract"] = extract
    render = environment.from_string(data["render"])
    loop = environment.from_string(data["loop"])
    address = environment.from_string("{{ %s }}" % data["address"])

    jinja_cases = {
        "render": lambda _: render.render(variables[3]),
        "hostvars-3": lambda _: address.render(variables[3]),
        "hostvars-300": lambda _: address.render(variables[300]),
        "loop": lambda _: loop.render(variables[3]),
    }
    templar_cases, description = templar(data, variables)

    def compile_all(sources):
        for source in sources:
            environment.compile_expression(source)

    answer("Python %s, Jinja2 %s, %s" % (sys.version.split()[0], jinja2.__version__, description))
    for line in sys.stdin:
        request = json.loads(line)
        key = request["key"]
        if key == "results":
            answer({name: run(None) for name, run in jinja_cases.items()})
        elif key == "compile":
            if request["engine"] == "jinja2":
                started = time.process_time()
                compile_all(request["sources"])
                answer((time.process_time() - started) * 1e6 / len(request["sources"]))
            else:
                answer(None)
        else:
            run = (jinja_cases if request["engine"] == "jinja2" else templar_cases).get(key)
            answer(measure(run, request["seconds"]) if run else None)


def templar(data, variables):
    """The cases of ansible-core's Templar, or none and why."""
    try:
        from ansible import release
        from ansible.parsing.dataloader import DataLoader
        from ansible.template import Templar, trust_as_template
    except ImportError:
        return {}, "no Templar (ansible-core needs Python 3.12 or later)"

    def trusted(value):
        if isinstance(value, str):
            return trust_as_template(value) if "{{" in value else value
        if isinstance(value, list):
            return [trusted(item) for item in value]
        if isinstance(value, dict):
            return {key: trusted(item) for key, item in value.items()}
        return value

    names = {hosts: trusted(one) for hosts, one in variables.items()}
    loader = DataLoader()

    def case(source, hosts):
        template = trust_as_template(source)
        return lambda _: Templar(loader=loader, variables=names[hosts]).template(template)

    condition = trust_as_template("inventory_hostname == 'kafka1'")
    return {
        "hostvars-3": case("{{ %s }}" % data["address"], 3),
        "hostvars-300": case("{{ %s }}" % data["address"], 300),
        "nested-300": case("{{ %s }}" % data["endpoint"], 300),
        "render": case(data["render"], 3),
        "condition": lambda _: Templar(loader=loader, variables=names[3]).evaluate_conditional(condition),
        "argument": case("{{ kafka_port }}", 3),
    }, "ansible-core %s" % release.__version__


def measure(run, seconds):
    """Microseconds of CPU time for one operation."""
    started = time.process_time()
    operations = 0
    while True:
        repeats = max(1, (operations + 3) // 4)
        for _ in range(repeats):
            run(None)
        operations += repeats
        spent = time.process_time() - started
        if spent >= seconds:
            return spent / operations * 1e6


def answer(value):
    sys.stdout.write(json.dumps(value) + "\n")
    sys.stdout.flush()


main()
