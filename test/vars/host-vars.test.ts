import {mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import test from 'ava';
import {loadInventory} from '../../src/inventory/inventory.js';
import {Dict, evaluateTemplate, nodeToValue, Secret, type Value} from '../../src/jinja/jinja.js';
import type {Node} from '../../src/source/source.js';
import {Variables} from '../../src/vars/vars.js';

const folder = mkdtempSync(join(tmpdir(), 'host-vars-'));
test.after.always(() => rmSync(folder, {recursive: true}));

/** The values that were read and the files that were asked for, with 1,000 hosts of 20 variables each. */
function thousandHosts(): {variables: Variables; read: string[]; files: string[]} {
	const own = Array.from({length: 18}, (_, index) => `v${index}: "{{ base }}-${index}"`).join(', ');
	const hosts = Array.from({length: 1000}, (_, index) => {
		const mine = `ansible_host: 10.0.0.${index}, base: base-${index}, ${own}`;
		return `    h${index}: {${mine}}`;
	});
	const path = join(folder, 'hosts.yml');
	writeFileSync(path, `all:\n  hosts:\n${hosts.join('\n')}\n  children:\n    kafka: {hosts: {h7: , h70: , h700: }}\n`);
	const inventory = loadInventory([path], {report: (one) => undefined as never as typeof one});
	const read: string[] = [];
	const files: string[] = [];
	const variables = new Variables({
		inventory,
		extra: new Dict(),
		facts: {
			playbookFolder: folder,
			inventorySources: [path],
			check: false,
			diff: false,
			verbosity: 0,
			forks: 5,
			limit: undefined,
			tags: [],
			skipTags: [],
			configFile: undefined,
		},
		read: (node: Node): Value => {
			if (node.kind === 'scalar') read.push(node.text);
			return nodeToValue(node, {trusted: true});
		},
		readCondition: () => null,
		readVarsFile: () => undefined,
		readVarsFiles: (_folder, kind, name) => {
			files.push(`${kind}/${name}`);
			return [];
		},
		lookup: () => undefined,
		openVault: (sealed) => sealed,
		home: folder,
		warn: () => {},
		reservedName: () => {},
		injectFacts: true,
	});
	return {variables, read, files};
}

const touches: readonly (readonly [template: string, result: Value, read: readonly string[], hosts: readonly string[]])[] = [
	[
		"{{ groups['kafka'] | map('extract', hostvars, 'ansible_host') | join(',') }}",
		'10.0.0.7,10.0.0.70,10.0.0.700',
		['10.0.0.7', '10.0.0.70', '10.0.0.700'],
		['h7', 'h70', 'h700'],
	],
	['{{ hostvars.h500.v3 }}', 'base-500-3', ['{{ base }}-3', 'base-500'], ['h500']],
	["{{ 'h5' in hostvars and hostvars | length == 1000 }}", true, [], []],
	["{{ hostvars.h9.nothing | default('none') }}", 'none', [], ['h9']],
];
for (const [template, result, values, hosts] of touches) {
	test(`of a thousand hosts only what is touched is read: ${template}`, (t) => {
		const {variables, read, files} = thousandHosts();
		t.deepEqual(evaluateTemplate(template, variables.hostScope('h1', 'h1')), result);
		t.deepEqual(read, values);
		const asked = files.filter((name) => name.startsWith('host_vars/')).map((name) => name.slice('host_vars/'.length));
		t.deepEqual(
			[...new Set(asked)].filter((name) => name !== 'h1'),
			hosts,
		);
	});
}

test('a secret name finds its host', (t) => {
	const {variables} = thousandHosts();
	variables.setRegistered('h1', 'one', new Secret('h42'));
	t.is(evaluateTemplate('{{ hostvars[one].ansible_host }}', variables.hostScope('h1', 'h1')), '10.0.0.42');
});
