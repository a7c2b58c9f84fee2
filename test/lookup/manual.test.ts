import {spawn} from 'node:child_process';
import {mkdirSync, mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {dirname, join} from 'node:path';
import test from 'ava';
import {evaluateExpression, evaluateFile, finalize, pythonRepr, type Scope, type Value} from '../../src/jinja/jinja.js';
import {delimitersOf, type LookupContext, lookupManual, lookupNames, runLookup} from '../../src/lookup/lookup.js';
import {sealVault, VaultSecrets} from '../../src/vault/vault.js';

/** The files that the examples of the manual speak of. */
const files: Readonly<Record<string, string>> = {
	'files/motd': 'Hello\n',
	'files/hosts.csv': 'zk1,10.0.0.1\nzk2,10.0.0.2\n',
	'files/app.ini': '[web]\nport = 8080\n',
	'files/secret': sealVault('hush\n', 'pw'),
	'templates/hello.j2': 'Hello {{ host }}\n',
};

/** A web server in a process of its own: the lookup waits for its answer. */
const server = `
import {createServer} from 'node:http';
const server = createServer((request, response) => response.end('one\\ntwo\\n'));
server.listen(0, '127.0.0.1', () => console.log(server.address().port));
`;

const folder = mkdtempSync(join(tmpdir(), 'manual-'));
for (const [name, text] of Object.entries(files)) {
	mkdirSync(dirname(join(folder, name)), {recursive: true});
	writeFileSync(join(folder, name), text);
}
const variables: Record<string, Value> = {host: 'zk1'};
const child = spawn(process.execPath, ['--input-type=module', '-e', server], {stdio: ['ignore', 'pipe', 'inherit']});
test.before(async () => {
	const port = await new Promise<string>((resolve) => child.stdout.once('data', (chunk) => resolve(String(chunk).trim())));
	variables['address'] = `http://127.0.0.1:${port}/`;
});
test.after.always(() => {
	child.kill();
	rmSync(folder, {recursive: true});
});

const context: LookupContext = {
	folders: [],
	basedir: folder,
	home: '/home/someone',
	environment: {PATH: process.env['PATH']},
	vault: new VaultSecrets([{id: 'default', kind: 'password', password: 'pw'}]),
	resolve: (name) => variables[name],
	variableNames: () => Object.keys(variables),
	matchHosts: () => ['kafka1'],
	render: (file, options) => evaluateFile(file.text, scope, {options: delimitersOf(options)}),
	setting: () => 5,
	warn: (message) => warnings.push(message),
};
const warnings: string[] = [];
const scope: Scope = {
	resolve: (name) => variables[name],
	lookup: (name, terms, options) => runLookup(name, terms, options, context),
};

test('every lookup is in the manual', (t) => t.deepEqual(Object.keys(lookupManual).sort(), [...lookupNames].sort()));

for (const [name, {example}] of Object.entries(lookupManual)) {
	test(`the example of lookup ${name}`, (t) => {
		const [expression, result] = example;
		t.is(pythonRepr(finalize(evaluateExpression(expression, scope, {rawStrings: false}), scope)), result);
	});
}

test('an option that a lookup does not have is told', (t) => {
	evaluateExpression("query('items', 1, nope=2)", scope);
	t.deepEqual(warnings, ["The lookup plugin 'items' has no option 'nope', which is ignored."]);
});
