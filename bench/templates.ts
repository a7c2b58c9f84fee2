/*
 * Measures the template language side by side with Jinja2, and where ansible-core can be had with its Templar: `npm run bench:templates`.
 * Both sides get the same sources and data, in turns; a figure is the CPU time of one operation in the best of several rounds, so that
 * other work on the machine disturbs little. Exit status 1 when a target is missed.
 *
 * PYTHON names the Python to use (default: the newest found); what it lacks is installed into `.cache/bench-templates`. The engine is
 * measured as it is shipped, compiled by tsc: a loader of TypeScript would slow it down.
 */

import {
	ansibleEnvironment,
	Dict,
	evaluateCondition,
	evaluateExpression,
	evaluateTemplate,
	pythonStr,
	renderFile,
	type Scope,
	Template,
	type Value,
} from '../src/jinja/jinja.js';
import {compileBare} from '../src/jinja/program.js';
import {expressionsOf, hostvarsExpression, loopTemplate, serverProperties, variablesOf} from './templates-data.js';
import {connectPython, type Peer} from './templates-peer.js';

interface Case {
	readonly name: string;
	/** What the Python side calls it. */
	readonly key: string;
	/** One operation; `round` differs in each call. */
	run(round: number): unknown;
	/** How many things one operation does (a figure is for one of them). */
	readonly count?: number;
	/** Sources that the Python side gets with each request. */
	readonly sources?: (turn: number) => readonly string[];
	/** How many times slower Jinja2 and the Templar must be. */
	readonly targets: {readonly jinja2?: number; readonly templar?: number};
}

const rounds = 7;
const seconds = 0.25;

const variables = new Map([3, 300].map((hosts) => [hosts, variablesOf(hosts)] as const));
const values = new Map(Array.from(variables, ([hosts, plain]) => [hosts, toValues(plain)] as const));

/** The variables of a task: a new scope for each operation, as a run makes them. */
function scopeOf(hosts: number): Scope {
	const names = values.get(hosts)!;
	return {resolve: (name) => names.get(name)};
}

function toValues(plain: Record<string, unknown>): Map<string, Value> {
	return new Map(Object.entries(plain).map(([name, value]) => [name, toValue(value)]));
}

function toValue(value: unknown): Value {
	if (typeof value === 'string') return value.includes('{{') ? new Template(value) : value;
	if (Array.isArray(value)) return value.map(toValue);
	if (typeof value === 'object' && value !== null)
		return Dict.from(Object.entries(value).map(([key, item]) => [key, toValue(item)] as const));
	return value as Value;
}

const hostvars = (field: string): Template => new Template(`{{ ${hostvarsExpression(field)} }}`);
const address = hostvars('ansible_host');
const endpoint = hostvars('endpoint');
const reading = {syntax: ansibleEnvironment.syntax, rawStrings: false};

const cases: readonly Case[] = [
	{name: 'server.properties, 60 lines', key: 'render', run: () => renderFile(serverProperties, scopeOf(3)), targets: {jinja2: 1}},
	{
		name: 'hostvars, 3 hosts',
		key: 'hostvars-3',
		run: () => evaluateTemplate(address, scopeOf(3)),
		targets: {jinja2: 1, templar: 50},
	},
	{
		name: 'hostvars, 300 hosts',
		key: 'hostvars-300',
		run: () => evaluateTemplate(address, scopeOf(300)),
		targets: {jinja2: 1, templar: 50},
	},
	{
		name: 'hostvars that are templates, 300 hosts',
		key: 'nested-300',
		run: () => evaluateTemplate(endpoint, scopeOf(300)),
		targets: {},
	},
	{name: 'loop of 5,000 rows', key: 'loop', run: () => renderFile(loopTemplate, scopeOf(3)), targets: {jinja2: 1}},
	{
		name: 'compile 1,000 expressions, each',
		key: 'compile',
		count: 1000,
		sources: (turn) => expressionsOf(1000, turn),
		run(round) {
			for (const source of expressionsOf(1000, round)) compileBare(source, ansibleEnvironment, reading);
		},
		targets: {jinja2: 5},
	},
	{
		name: 'condition of a task, new scope',
		key: 'condition',
		run: () => evaluateCondition("inventory_hostname == 'kafka1'", scopeOf(3)),
		targets: {},
	},
	{
		name: 'argument of a task, new scope',
		key: 'argument',
		run: () => evaluateTemplate('{{ kafka_port }}', scopeOf(3)),
		targets: {},
	},
];

let round = 0;

/** Microseconds of CPU time for one thing of a case. */
function measure({run, count = 1}: Case): number {
	const started = process.cpuUsage();
	let operations = 0;
	let spent = 0;
	do {
		const repeats = Math.max(1, Math.ceil(operations / 4));
		for (let index = 0; index < repeats; index++) run(round++);
		operations += repeats;
		const used = process.cpuUsage(started);
		spent = used.user + used.system;
	} while (spent < seconds * 1e6);
	return spent / operations / count;
}

/** Fails when the two sides do not give the same text. */
async function compare(peer: Peer): Promise<void> {
	const expected = await peer.results();
	const given: Record<string, string> = {
		render: pythonStr(renderFile(serverProperties, scopeOf(3)) as Value),
		'hostvars-3': pythonStr(evaluateExpression(hostvarsExpression('ansible_host'), scopeOf(3))),
		'hostvars-300': pythonStr(evaluateExpression(hostvarsExpression('ansible_host'), scopeOf(300))),
		loop: pythonStr(renderFile(loopTemplate, scopeOf(3)) as Value),
	};
	for (const [key, text] of Object.entries(given))
		if (expected[key] !== text) throw new Error(`${key}: the two sides give different texts:\n${text}\n${expected[key]}`);
}

const peer = await connectPython({
	variables: Object.fromEntries(variables),
	render: serverProperties,
	loop: loopTemplate,
	address: hostvarsExpression('ansible_host'),
	endpoint: hostvarsExpression('endpoint'),
});
console.log(`Node.js ${process.version}; ${peer.description}`);
await compare(peer);

const widths = [40, 12, 12, 9, 12, 9] as const;
const row = (cells: readonly string[]): string =>
	cells.map((cell, index) => (index ? cell.padStart(widths[index]!) : cell.padEnd(widths[index]!))).join('');
const micro = (value: number | undefined): string => (value === undefined ? '-' : `${value.toFixed(value < 100 ? 1 : 0)} µs`);
const missed: string[] = [];
console.log(row(['', 'Playbill', 'Jinja2', 'ratio', 'Templar', 'ratio']));
for (const one of cases) {
	const best: Record<'playbill' | 'jinja2' | 'templar', number> = {playbill: Infinity, jinja2: Infinity, templar: Infinity};
	measure(one);
	for (let turn = 0; turn < rounds; turn++) {
		best.playbill = Math.min(best.playbill, measure(one));
		for (const engine of ['jinja2', 'templar'] as const) {
			if (engine === 'templar' && turn > 1) continue;
			best[engine] = Math.min(best[engine], (await peer.measure(engine, one.key, seconds, one.sources?.(turn))) ?? Infinity);
		}
	}
	const ratios = {jinja2: best.jinja2 / best.playbill, templar: best.templar / best.playbill};
	const shown = (engine: 'jinja2' | 'templar'): string[] =>
		Number.isFinite(best[engine]) ? [micro(best[engine]), ratios[engine].toFixed(1)] : ['-', '-'];
	console.log(row([one.name, micro(best.playbill), ...shown('jinja2'), ...shown('templar')]));
	for (const engine of ['jinja2', 'templar'] as const) {
		const target = one.targets[engine];
		if (target !== undefined && Number.isFinite(best[engine]) && ratios[engine] < target)
			missed.push(`${one.name}: ${ratios[engine].toFixed(2)} times as fast as ${engine}, the target is ${target}`);
	}
}
peer.close();
for (const line of missed) console.log(`missed: ${line}`);
console.log(missed.length ? `${missed.length} targets missed` : 'all targets met');
process.exitCode = missed.length ? 1 : 0;
