import {chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {dirname, join} from 'node:path';
import test, {type ExecutionContext} from 'ava';
import {
	type Host,
	type Inventory,
	loadInventory,
	loadVarsFiles,
	readLimit,
	splitHostPattern,
} from '../../src/inventory/inventory.js';
import {Dict, Float, Template} from '../../src/jinja/jinja.js';
import {type Diagnostic, DiagnosticError, formatSpan} from '../../src/source/source.js';
import {sealVault, VaultSecrets} from '../../src/vault/vault.js';

/** Writes files (a name that ends in `*` is executable) to a folder that goes away with the test. */
function folderOf(t: ExecutionContext, files: Record<string, string>): string {
	const folder = mkdtempSync(join(tmpdir(), 'inventory-'));
	t.teardown(() => rmSync(folder, {recursive: true}));
	for (const [name, text] of Object.entries(files)) {
		const path = join(folder, name.replace('*', ''));
		mkdirSync(dirname(path), {recursive: true});
		writeFileSync(path, text);
		if (name.endsWith('*')) chmodSync(path, 0o755);
	}
	return folder;
}

function load(
	t: ExecutionContext,
	files: Record<string, string>,
	sources = Object.keys(files).map((name) => name.replace('*', '')),
) {
	const folder = folderOf(t, files);
	const diagnostics: Diagnostic[] = [];
	const inventory = loadInventory(sources, {folder, report: (diagnostic) => diagnostics.push(diagnostic)});
	return {inventory, diagnostics, folder};
}

/** The variables of a host or group as plain data. */
function variables(entity: Pick<Host, 'variables'>): Record<string, unknown> {
	const plain = (value: unknown): unknown => {
		if (value instanceof Float) return `float:${value.value}`;
		if (value instanceof Template) return `template:${value.source}`;
		if (value instanceof Dict) return Object.fromEntries([...value.entries()].map(([key, inner]) => [String(key), plain(inner)]));
		return Array.isArray(value) ? value.map(plain) : value;
	};
	return Object.fromEntries(
		[...entity.variables.values()].map((one) => [
			one.name,
			one.node ? (one.node.kind === 'scalar' ? one.node.value : one.node.kind) : plain(one.value),
		]),
	);
}

const names = (hosts: Iterable<Host>): string[] => [...hosts].map(({name}) => name);
const groupHosts = (inventory: Inventory, name: string): string[] => names(inventory.groups.get(name)!.allHosts());

const ini = `
plain1
plain2 ansible_host=10.0.0.1
localhost ansible_connection=local
[web]
web[01:03].example.com http_port=80
db-[a:c]:5432 x=1
[db]
db-a
10.0.0.[1:3]
[2001:db8::5]:2222
fe80::[1:2]
[prod:children]
web
db   # comment
later
[later]
h9
[prod:vars]
a = b = c
ansible_group_priority=10
[all:vars]
g=all
[east]
web01.example.com
`;

test('an INI inventory: ranges, ports, children, variables', (t) => {
	const {inventory, diagnostics} = load(t, {hosts: ini});
	t.deepEqual(diagnostics, []);
	t.deepEqual(
		groupHosts(inventory, 'web'),
		['web01', 'web02', 'web03'].map((name) => `${name}.example.com`).concat('db-a', 'db-b', 'db-c'),
	);
	t.deepEqual(groupHosts(inventory, 'prod').slice(-6), ['10.0.0.2', '10.0.0.3', '2001:db8::5', 'fe80::1', 'fe80::2', 'h9']);
	t.deepEqual(groupHosts(inventory, 'ungrouped'), ['plain1', 'plain2', 'localhost']);
	t.deepEqual(variables(inventory.hosts.get('db-b')!), {ansible_port: 5432, x: 1});
	t.deepEqual(variables(inventory.hosts.get('2001:db8::5')!), {ansible_port: 2222});
	t.deepEqual(variables(inventory.groups.get('prod')!), {a: 'b = c'});
	t.is(inventory.groups.get('prod')!.priority, 10);
	t.deepEqual(inventory.hosts.get('web01.example.com')!.groupNames, ['east', 'prod', 'web']);
	t.deepEqual(
		inventory.hosts.get('web01.example.com')!.groups.map(({name, depth}) => `${name}:${depth}`),
		['all:0', 'east:1', 'prod:1', 'web:2'],
	);
});

// Expected values are those of ansible-inventory.
const values: [written: string, value: unknown][] = [
	['1', 1],
	['-5', -5],
	['007', '007'],
	['00', 0],
	['0o17', 15],
	['1_000', 1000],
	['1.50', 1.5],
	['2.0', 'float:2'],
	['1e3', 'float:1000'],
	['123456789012345678901', 123456789012345678901n],
	['True', true],
	['true', 'true'],
	['None', null],
	['...', '...'],
	['1j', '1j'],
	['yes', 'yes'],
	['', ''],
	['"quoted # x"', 'quoted # x'],
	['un quoted # not comment', 'un quoted # not comment'],
	['1 # comment', 1],
	['"a" "b"', 'ab'],
	["'a\\tb'", 'a\tb'],
	['[1, "x", [2]]', [1, 'x', [2]]],
	['[1,', '[1,'],
	['(1, 2)', [1, 2]],
	['1, 2', [1, 2]],
	['{"a": {"b": [1, 2.0]}}', {a: {b: [1, 'float:2']}}],
	['{{ x }}', 'template:{{ x }}'],
	['["{{ x }}", 2]', ['template:{{ x }}', 2]],
	['a+b', 'a+b'],
	['1+2', '1+2'],
	['b"x"', 'x'],
];
for (const [written, value] of values) {
	test(`an INI value: ${written}`, (t) => {
		const {inventory} = load(t, {hosts: `[g]\nh\n[g:vars]\nv=${written}\n`});
		t.deepEqual(variables(inventory.groups.get('g')!), {v: value});
	});
}

test('words of a host line may be quoted, and a comment ends it', (t) => {
	const {inventory} = load(t, {hosts: `h a="x y" b='"q"' c=x#y d=1\n`});
	t.deepEqual(variables(inventory.hosts.get('h')!), {a: 'x y', b: 'q', c: 'x'});
});

test('variables know where they were written', (t) => {
	const {inventory, folder} = load(t, {hosts: '[g]\nh port_x=80 t={{a}}\n[g:vars]\nv = 1\n', 'b.yml': 'g:\n  vars:\n    y: 2\n'});
	const place = (entity: Pick<Host, 'variables'>, name: string) =>
		formatSpan(entity.variables.get(name)!.span!).replace(`${folder}/`, '');
	const host = inventory.hosts.get('h')!;
	t.is(place(host, 'port_x'), 'hosts:2:10');
	t.is((host.variables.get('t')!.value as Template).contentStart, '[g]\nh port_x=80 t='.length);
	t.is(place(inventory.groups.get('g')!, 'v'), 'hosts:4:5');
	t.is(place(inventory.groups.get('g')!, 'y'), 'b.yml:3:8');
	t.is(host.file, join(folder, 'hosts'));
});

const yaml = `
all:
  hosts:
    mail.example.com:
    h[1:2]: {a: 1}
  children:
    webservers:
      hosts:
        foo.example.com: {x: '{{ v }}'}
        bar.example.com:2222:
      vars:
        w: 010
    dbservers:
      hosts: one
      children: webservers
    empty:
`;

test('a YAML inventory', (t) => {
	const {inventory, diagnostics} = load(t, {'hosts.yml': yaml});
	t.deepEqual(diagnostics, []);
	t.deepEqual(groupHosts(inventory, 'dbservers'), ['one', 'foo.example.com', 'bar.example.com']);
	t.deepEqual(groupHosts(inventory, 'ungrouped'), ['mail.example.com', 'h1', 'h2']);
	t.deepEqual(variables(inventory.groups.get('webservers')!), {w: 8});
	t.deepEqual(variables(inventory.hosts.get('bar.example.com')!), {ansible_port: 2222});
	t.deepEqual(groupHosts(inventory, 'empty'), []);
});

test('JSON without an ending, and several sources', (t) => {
	const {inventory, diagnostics} = load(t, {one: '{"g": {"hosts": {"a": {"x": 1}}}}', two: '[g]\na x=2\nb\n'});
	t.deepEqual(diagnostics, []);
	t.deepEqual(groupHosts(inventory, 'g'), ['a', 'b']);
	t.deepEqual(variables(inventory.hosts.get('a')!), {x: 2});
});

test('a directory: sorted, ignored endings, folders of variables left out', (t) => {
	const files = {
		'd/2': 'b\n',
		'd/1.ini': 'a\n',
		'd/x.txt': 'no\n',
		'd/.hidden': 'no\n',
		'd/group_vars/all': 'x: 1\n',
		'd/sub/3': 'c\n',
		'd/old~': 'no\n',
	};
	t.deepEqual(names(load(t, files, ['d']).inventory.hosts.values()), ['a', 'b', 'c']);
});

test('scripts', (t) => {
	const list =
		'{"_meta": {"hostvars": {"s1": {"a": 1}}}, "g1": {"hosts": ["s1", "s2"], "vars": {"v": true}, "children": ["g2"]}, "g2": ["s3"]}';
	const {inventory} = load(t, {
		'list*': `#!/bin/sh\necho '${list}'\n`,
		'each*': `#!/bin/sh\n[ "$1" = --list ] && echo '{"g3": {"hosts": ["e1"]}}' || echo '{"me": "'$2'"}'\n`,
	});
	t.deepEqual(groupHosts(inventory, 'g1'), ['s1', 's2', 's3']);
	t.deepEqual(variables(inventory.hosts.get('s1')!), {a: 1});
	t.deepEqual(variables(inventory.groups.get('g1')!), {v: true});
	t.deepEqual(variables(inventory.hosts.get('e1')!), {me: 'e1'});
});

test('a list of hosts', (t) => {
	const {inventory} = load(t, {}, ['x,y:22,h[1:2],[::1]:24,']);
	t.deepEqual(names(inventory.hosts.values()), ['x', 'y', 'h[1:2]', '::1']);
	t.deepEqual(variables(inventory.hosts.get('y')!), {ansible_port: 22});
});

// Expected hosts are those of ansible-core's InventoryManager on the same inventory.
const web = ['web01.example.com', 'web02.example.com', 'web03.example.com', 'db-a', 'db-b', 'db-c'];
const db = ['db-a', '10.0.0.1', '10.0.0.2', '10.0.0.3', '2001:db8::5', 'fe80::1', 'fe80::2'];
const patterns: [pattern: string, hosts: string[]][] = [
	['web', web],
	['web,db', [...new Set([...web, ...db])]],
	['web:db', [...new Set([...web, ...db])]],
	['web:&db', ['db-a']],
	['&db,web', ['db-a']],
	['web:!*.example.com', ['db-a', 'db-b', 'db-c']],
	['!prod', ['plain1', 'plain2', 'localhost']],
	['web[0]', ['web01.example.com']],
	['web[-1]', ['db-c']],
	['web[1:2]', ['web02.example.com', 'web03.example.com']],
	['web[4:]', ['db-b', 'db-c']],
	['web[0:0]', ['web01.example.com']],
	['~web0[12].*', ['web01.example.com', 'web02.example.com']],
	['web0?.example.com', web.slice(0, 3)],
	['db-[!a]', ['db-b', 'db-c']],
	['10.0.0.*', ['10.0.0.1', '10.0.0.2', '10.0.0.3']],
	['2001:db8::5', ['2001:db8::5']],
	['10.0.0.1,db-a', ['10.0.0.1', 'db-a']],
	['localhost', ['localhost']],
	['127.0.0.1', ['localhost']],
	['plain2 plain1', ['plain2', 'plain1']],
	['nope', []],
];
for (const [pattern, hosts] of patterns) {
	test(`the pattern ${pattern}`, (t) => t.deepEqual(names(load(t, {hosts: ini}).inventory.match(pattern)), hosts));
}

test('limits', (t) => {
	const {inventory} = load(t, {hosts: ini});
	const limit = (text: string) => readLimit(text, () => 'h9\ndb-a\n\n');
	t.deepEqual(names(inventory.match('prod', {limit: limit('web[0]')})), ['web01.example.com']);
	t.deepEqual(names(inventory.match('prod', {limit: limit('@file')})), ['db-a', 'h9']);
	t.deepEqual(names(inventory.match('web', {limit: limit('prod:!east:!db')})), [
		'web02.example.com',
		'web03.example.com',
		'db-b',
		'db-c',
	]);
});

test('a name that nothing matches is a warning with what may be meant', (t) => {
	const {inventory, diagnostics} = load(t, {hosts: ini});
	t.deepEqual(inventory.match('eats'), []);
	t.like(diagnostics[0], {
		severity: 'warning',
		code: 'inventory/pattern',
		ansible: 'Could not match supplied host pattern, ignoring: eats',
		help: 'did you mean `east`?',
	});
	t.throws(() => inventory.match('~('), {instanceOf: DiagnosticError, message: /no regular expression/});
	t.throws(() => inventory.match('web[9]'), {instanceOf: DiagnosticError, message: /past the end/});
});

test('patterns are split at commas, or at colons outside of brackets', (t) => {
	t.deepEqual(splitHostPattern('a,b[1], c[2:3] , d'), ['a', 'b[1]', 'c[2:3]', 'd']);
	t.deepEqual(splitHostPattern(['a:b[1:2]', '::1']), ['a', 'b[1:2]', '::1']);
});

test('the implicit localhost', (t) => {
	const {inventory} = load(t, {hosts: 'a\n'});
	const [host] = inventory.match('localhost');
	t.true(host!.implicit);
	t.deepEqual(host!.groupNames, []);
	t.deepEqual(variables(host!), {ansible_connection: 'local'});
	t.deepEqual(names(inventory.match('all')), ['a']);
});

test('hosts and groups added while running', (t) => {
	const {inventory} = load(t, {hosts: '[g]\na\n'});
	t.deepEqual(names(inventory.match('g')), ['a']);
	inventory.addHost('new', {group: inventory.addGroup('g')});
	inventory.addHost('alone');
	inventory.reconcile();
	t.deepEqual(names(inventory.match('g')), ['a', 'new']);
	t.deepEqual(groupHosts(inventory, 'ungrouped'), ['alone']);
	t.deepEqual([...inventory.groupsAndHosts().get('all')!].sort(), ['a', 'alone', 'new']);
});

const faults: [name: string, files: Record<string, string>, said: [parser: string, place: string, text: RegExp][]][] = [
	['no assignment', {'i.ini': 'h a=1 b\n'}, [['ini', '1:7', /Expected key=value host variable assignment, got: b/]]],
	['no such group', {'i.ini': '[g:children]\nweb\n\n[webs]\nh\n'}, [['ini', '2:1', /includes undefined group 'web'/]]],
	['variables of no group', {'i.ini': '[g:vars]\na=1\n'}, [['ini', '1:1', /not valid for undefined group 'g'/]]],
	['a section of another kind', {'i.ini': '[g:child]\n'}, [['ini', '1:1', /unknown type: child/]]],
	['a circle', {'i.ini': '[a:children]\nb\n[b:children]\na\n'}, [['ini', '4:1', /recursive dependency loop/]]],
	['a wrong range', {'i.ini': 'h[01:100]\n'}, [['ini', '1:1', /equal-length/]]],
	['an open quote', {'i.ini': 'h a="x\n'}, [['ini', '1:1', /No closing quotation/]]],
	[
		'a broken YAML file',
		{'i.yml': 'all:\n  hosts: [a\n'},
		[
			['yaml', '2:10', /flow sequence/],
			['ini', '1:1', /ending in ':' is not allowed/],
		],
	],
	[
		'a script that fails',
		{'s.toml*': '#!/bin/sh\necho no luck >&2\nexit 3\n'},
		[
			['script', '', /exit code 3/],
			['toml', '', /TOML/],
		],
	],
];
for (const [name, files, said] of faults) {
	test(`a source with ${name} is a warning for each parser`, (t) => {
		const {diagnostics} = load(t, files);
		t.true(diagnostics.every(({severity}) => severity === 'warning'));
		t.true(diagnostics.slice(0, -1).every(({code}) => code === 'inventory/syntax'));
		t.is(diagnostics.at(-1)!.code, 'inventory/none');
		t.is(diagnostics.at(-1)!.ansible, 'No inventory was parsed, only implicit localhost is available');
		t.regex(diagnostics.at(-2)!.ansible!, /^Unable to parse .* as an inventory source$/);
		const failures = diagnostics.slice(0, -2);
		t.is(failures.length, said.length);
		for (const [index, [parser, place, text]] of said.entries()) {
			const {ansible, labels} = failures[index]!;
			t.true(ansible!.startsWith(`Failed to parse inventory with '${parser}' plugin: `));
			t.regex(ansible!, text);
			t.true(
				place === '' ? labels.length === 0 : formatSpan(labels[0]!.span).endsWith(`:${place}`),
				labels[0] && formatSpan(labels[0].span),
			);
		}
	});
}

test('a source that is not there', (t) => {
	const {diagnostics} = load(t, {}, ['nowhere']);
	t.is(diagnostics[0]!.help, 'there is no such file');
	t.throws(() => loadInventory(['nowhere'], {report: () => {}, unparsedIsFailed: true}), {instanceOf: DiagnosticError});
	t.throws(() => loadInventory(['nowhere'], {report: () => {}, anyUnparsedIsFailed: true}), {instanceOf: DiagnosticError});
});

test('files of variables: the first ending wins, a directory is read whole and sorted, vault files are opened', (t) => {
	const folder = folderOf(t, {
		'group_vars/all/b.yml': 'x: b\n',
		'group_vars/all/a': 'x: a\n',
		'group_vars/all/sub/c.json': '{"x": "c"}',
		'group_vars/all/no.txt': 'x: no\n',
		'group_vars/all/.no': 'x: no\n',
		'group_vars/all.yml': 'x: not read\n',
		'group_vars/web.yaml': sealVault('x: secret\n', 'p'),
		'host_vars/h.json': '{"x": 1}',
		'host_vars/empty.yml': '# nothing\n',
		'host_vars/list.yml': '- 1\n',
	});
	const diagnostics: Diagnostic[] = [];
	const vault = new VaultSecrets([{id: 'default', kind: 'password', password: 'p'}]);
	const read = (kind: 'group_vars' | 'host_vars', name: string, secrets?: VaultSecrets) =>
		loadVarsFiles(folder, kind, name, {report: (one) => diagnostics.push(one), ...(secrets ? {vault: secrets} : {})}).map(
			({path, map}) => {
				const value = map.entries[0]!.value;
				return [
					path.slice(folder.length + kind.length + 2),
					value.kind === 'scalar' ? value.value : undefined,
					map.span.file.isSecret,
				];
			},
		);
	t.deepEqual(read('group_vars', 'all'), [
		['all/a', 'a', false],
		['all/b.yml', 'b', false],
		['all/sub/c.json', 'c', false],
	]);
	t.deepEqual(read('group_vars', 'web', vault), [['web.yaml', 'secret', true]]);
	t.deepEqual(read('host_vars', 'h'), [['h.json', 1, false]]);
	t.deepEqual(read('host_vars', 'empty'), []);
	t.deepEqual(read('host_vars', '/chroot'), []);
	t.deepEqual(diagnostics, []);
	t.deepEqual(read('group_vars', 'web'), []);
	t.deepEqual(read('host_vars', 'list'), []);
	t.deepEqual(
		diagnostics.map(({code}) => code),
		['vault/no-secret', 'playbook/shape'],
	);
});
