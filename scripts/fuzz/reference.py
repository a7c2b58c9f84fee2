#!/usr/bin/env python3
"""Adds to the vectors of FILE what ansible-core gives for them: python scripts/fuzz/reference.py FILE (rewritten in place).

For the Python of an environment that has ansible-core 2.21 and passlib. The format is that of `npm run vectors`. Set filters give
the order of first occurrence, as Playbill does, not that of a hash table; a salt is used as it is given.
"""

import json
import os
import re
import signal
import subprocess
import sys
import tempfile

SECONDS = 20
GIGABYTES = 3
LONGEST = 100_000


class FirstSeen(list):
    """A set() that keeps the order in which its members came."""

    def __init__(self, items=()):
        super().__init__(dict.fromkeys(items))

    def __and__(self, other):
        return FirstSeen(item for item in self if item in other)

    def __sub__(self, other):
        return FirstSeen(item for item in self if item not in other)

    def __or__(self, other):
        return FirstSeen([*self, *other])

    def __xor__(self, other):
        return (self - other) | (FirstSeen(other) - self)


class Reference:
    def __init__(self):
        import inspect

        from ansible._internal import _display_utils
        from ansible._internal._datatag._tags import TrustedAsTemplate
        from ansible._internal._encryption._crypt import CryptFacade
        from ansible._internal._templating import _engine, _jinja_bits
        from ansible.module_utils._internal._datatag import AnsibleTagHelper
        from ansible.parsing.dataloader import DataLoader
        from ansible.plugins.loader import filter_loader, init_plugin_loader

        init_plugin_loader([])
        CryptFacade.has_crypt_gensalt = property(lambda self: False)
        for name in ('union', 'intersect', 'difference', 'symmetric_difference'):
            inspect.unwrap(filter_loader.get(name).j2_function).__globals__['set'] = FirstSeen
        self.engine, self.bits, self.display = _engine, _jinja_bits, _display_utils
        self.trust, self.tags = TrustedAsTemplate(), AnsibleTagHelper
        self.loader = DataLoader()
        self.loader.set_basedir('/')
        self.context = {}

    def evaluate(self, vector):
        given = {**self.context.get('vars', {}), **vector.get('vars', {})}
        untrusted = vector.get('untrusted', ())
        names = {name: self.read(value, name not in untrusted) for name, value in given.items()}
        names['vars'] = dict(names)
        engine = self.engine.TemplateEngine(loader=self.loader, variables=names)
        signal.alarm(SECONDS)
        with self.display.DeferredWarningContext(variables={}) as shown:
            try:
                outcome = self.describe(self.run(engine, vector))
            except (MemoryError, TimeoutError):
                raise
            except Exception as error:
                outcome = failure(error)
                if outcome['error']['cat'] == 'omit' and vector['mode'] == 'value':
                    outcome = {'omit': True}
            finally:
                signal.alarm(0)
        warnings = [event.event.msg for event in shown.get_warnings()]
        return {**outcome, 'warnings': warnings} if warnings else outcome

    def run(self, engine, vector):
        source = self.trust.tag(vector['source'])
        if vector['mode'] == 'condition':
            return engine.evaluate_conditional(source)
        finalize = self.engine.TemplateMode.ALWAYS_FINALIZE
        if vector['mode'] != 'file':
            return engine.template(source, options=self.engine.TemplateOptions(), mode=finalize)
        overrides = self.bits.TemplateOverrides.DEFAULT.merge({'trim_blocks': True, 'lstrip_blocks': False, **vector.get('options', {})})
        result = engine.template(source, options=self.engine.TemplateOptions(escape_backslashes=False, overrides=overrides), mode=finalize)
        return '' if result is None else str(result)

    def read(self, value, trusted):
        """A value of the file: tagged ones as what they stand for, texts trusted as templates."""
        if isinstance(value, str):
            return self.trust.tag(value) if trusted else value
        if isinstance(value, list):
            return [self.read(item, trusted) for item in value]
        if isinstance(value, dict):
            if list(value) == ['__pairs__']:
                return {self.read(key, False): self.read(item, trusted) for key, item in value['__pairs__']}
            return {key: self.read(item, trusted) for key, item in value.items()}
        return value

    def describe(self, value):
        plain = self.untagged(value)
        return {'value': written(plain)}

    def untagged(self, value):
        value = self.tags.as_native_type(value)
        if isinstance(value, dict):
            return {self.untagged(key): self.untagged(item) for key, item in value.items()}
        if isinstance(value, (list, tuple)):
            return type(value)(self.untagged(item) for item in value)
        return value


def written(value):
    """A value as the file writes it."""
    if value is None or isinstance(value, (bool, int, str)):
        return value
    if isinstance(value, float):
        return value if abs(value) < float('inf') else {'__float__': repr(value)}
    if isinstance(value, list):
        return [written(item) for item in value]
    if isinstance(value, dict):
        if all(isinstance(key, str) for key in value):
            return {key: written(item) for key, item in value.items()}
        return {'__pairs__': [[written(key), written(item)] for key, item in value.items()]}
    if isinstance(value, tuple):
        return {'__tuple__': [written(item) for item in value]}
    if isinstance(value, bytes):
        return {'__bytes__': value.decode('latin-1')}
    return {'__repr__': repr(value), '__type__': type(value).__name__}


CATEGORIES = {
    'RecursionError': 'recursion',
    'TimeoutError': 'timeout',
    'AnsibleValueOmittedError': 'omit',
    'TemplateTrustCheckFailedError': 'untrusted',
    'AnsibleBrokenConditionalError': 'conditional',
    'AnsibleUndefinedVariable': 'undefined',
    'UndefinedError': 'undefined',
    'MarkerError': 'undefined',
    'AnsibleTemplatePluginNotFoundError': 'no_plugin',
    'AnsibleTemplatePluginLoadError': 'no_plugin',
    'AnsibleTemplatePluginRuntimeError': 'plugin',
    'AnsibleTemplatePluginError': 'plugin',
    'AnsibleTemplateSyntaxError': 'syntax',
    'TemplateSyntaxError': 'syntax',
    'AnsibleVariableTypeError': 'type',
}


def failure(error):
    message = getattr(error, 'message', None) or str(error)
    chain, cause = [], error
    while cause is not None and len(chain) < 40:
        chain.append(type(cause).__name__)
        cause = cause.__cause__
    category = next((found for name, found in CATEGORIES.items() if name in chain), 'runtime')
    if re.search(r'No (filter|test) named ', message):
        category = 'no_plugin'
    return {'error': {'cat': category, 'message': re.sub(r' at 0x\w+', ' at 0x0', message)[:2000]}}


def too_long(*_):
    raise TimeoutError('took too long')


def child(lines):
    import resource

    resource.setrlimit(resource.RLIMIT_AS, (GIGABYTES << 30, GIGABYTES << 30))
    signal.signal(signal.SIGALRM, too_long)
    os.chdir('/')
    reference = Reference()
    for line in lines:
        vector = json.loads(line)
        if vector['kind'] == 'context':
            reference.context = vector
            os.environ.clear()
            os.environ.update(vector.get('environ', {}))
        else:
            try:
                vector['expect'] = reference.evaluate(vector)
                if vector['expect'].get('error', {}).get('cat') == 'timeout':
                    raise TimeoutError
                line = json.dumps(vector, ensure_ascii=False)
                line.encode()
            except (MemoryError, TimeoutError, ValueError, RecursionError) as error:
                # Texts with lone surrogates, integers of more digits than Python writes, and what needs too much: no result to compare with.
                line = json.dumps({**vector, 'expect': {'error': {'cat': 'runtime', 'message': type(error).__name__}}, 'unstable': True})
            if ' at 0x' in line or len(line) > LONGEST:
                line = json.dumps({**vector, 'expect': {'error': {'cat': 'runtime', 'message': ''}}, 'unstable': True})
        print(line.rstrip('\n'), flush=True)


def main(path):
    with tempfile.TemporaryDirectory() as home:
        config = os.path.join(home, 'ansible.cfg')
        open(config, 'w').close()
        environment = {
            'PATH': '/usr/bin:/bin', 'LANG': 'C.UTF-8', 'LC_ALL': 'C.UTF-8', 'TZ': 'UTC', 'HOME': home, 'ANSIBLE_HOME': home,
            'ANSIBLE_CONFIG': config, 'ANSIBLE_LOCAL_TEMP': home, 'PYTHONWARNINGS': 'ignore', 'PYTHONHASHSEED': '0',
        }
        with open(path) as source, open(f'{path}.new', 'w') as sink:
            done = subprocess.run([sys.executable, os.path.abspath(__file__), '--child'], stdin=source, stdout=sink, env=environment)
    if done.returncode:
        sys.exit(f'the reference ended with status {done.returncode}')
    os.replace(f'{path}.new', path)


if __name__ == '__main__':
    if sys.argv[1:] == ['--child']:
        child(sys.stdin)
    elif len(sys.argv) == 2:
        main(sys.argv[1])
    else:
        sys.exit(__doc__)
