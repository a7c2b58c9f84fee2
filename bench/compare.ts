import {fingerprint, type Inventory, type Lab, reset} from './lab.js';
import {type Measured, measure} from './measure.js';
import {DelayingProxy} from './proxy.js';
import type {Figures, Row} from './results.js';
import {folderOf, type Paths, type Scenario, type Setting, type State} from './scenario.js';
import type {Tool} from './tool.js';

/** How measurements are made. */
export interface Terms {
	readonly paths: Paths;
	readonly lab: Lab;
	readonly tools: readonly Tool[];
	/** How often each tool has its turn; one that takes long has only the first. */
	readonly turns: number;
	/** Seconds after which a run is ended. */
	readonly limit: number;
	readonly say: (line: string) => void;
}

/** A scenario in a setting, with its hosts up. */
interface Stage {
	readonly scenario: Scenario;
	readonly setting: Setting;
	readonly folder: string;
	readonly inventory: Inventory;
	readonly proxy: DelayingProxy | undefined;
}

/** Seconds: what takes longer is not run again, so that all scenarios end within half an hour. */
const long = 15;

/** Runs one scenario with all tools in turn (A B A B) and gives the best figures of each. */
export async function compare(terms: Terms, scenario: Scenario, setting: Setting): Promise<Row[]> {
	const {paths, lab, say, limit} = terms;
	const own = terms.tools.find(({name}) => name === 'playbill');
	lab.up(setting.hosts);
	const proxy = setting.roundTrip > 0 ? await DelayingProxy.start(setting) : undefined;
	try {
		const inventory = lab.inventory(setting.hosts, proxy ? 'proxy' : 'direct');
		const stage: Stage = {scenario, setting, folder: folderOf(scenario, paths), inventory, proxy};
		const rows: Row[] = [];
		for (const state of scenario.states) {
			say(`${scenario.title}, ${state}, ${setting.hosts} hosts, ${setting.roundTrip} ms`);
			// The last tool of the changing turns may have been ended halfway.
			if (own && state === 'unchanged') await measure(own.command(inventory), {...stage, paths, tool: own, limit});
			rows.push(...(await inTurns({...terms, limit: setting.limit ?? limit}, stage, state)));
		}
		if (own && scenario.states.includes('unchanged')) await changeBehindItsBack(terms, stage, own);
		return rows;
	} finally {
		proxy?.stop();
		await lab.run(setting.hosts, reset);
	}
}

async function inTurns(terms: Terms, stage: Stage, state: State): Promise<Row[]> {
	const {tools, turns, say} = terms;
	const {scenario, setting} = stage;
	const found = new Map<Tool, Figures[]>(tools.map((tool) => [tool, []]));
	const left = new Map<Tool, string>();
	for (let turn = 0; turn < turns; turn++) {
		for (const tool of tools) {
			const figures = found.get(tool)!;
			if (figures.some(({wall, failed, ended}) => failed || ended || wall > long)) continue;
			const one = await takeTurn(terms, stage, state, tool);
			figures.push(one);
			if (state === 'changed' && !one.failed && !one.ended) left.set(tool, (await terms.lab.run(1, fingerprint))[0]!);
			say(
				`  ${tool.title}: ${one.failed ?? `${one.ended ? 'more than ' : ''}${one.wall.toFixed(2)} s, CPU ${one.cpu.toFixed(2)} s`}`,
			);
		}
	}
	const reference = left.get(tools[0]!);
	const differs = (tool: Tool) => {
		const other = left.get(tool);
		return other === undefined || reference === undefined || other === reference ? {} : {differs: difference(reference, other)};
	};
	const work = {scenario: scenario.name, state, ...setting, tasks: scenario.tasks};
	return tools.map((tool) => ({...work, tool: tool.name, ...best(found.get(tool)!), ...differs(tool)}));
}

async function takeTurn({paths, lab, limit}: Terms, stage: Stage, state: State, tool: Tool): Promise<Figures> {
	const {folder, inventory, proxy, setting} = stage;
	if (state === 'changed') await lab.run(setting.hosts, reset);
	await proxy?.counts();
	const run = await measure(tool.command(inventory), {paths, folder, tool, limit});
	const counts = await proxy?.counts();
	const failed = failureOf(run, tool, state);
	if (run.status === undefined) return {wall: run.wall, cpu: run.cpu, memory: run.memory, ended: true};
	return {
		wall: run.wall,
		cpu: run.cpu,
		memory: run.memory,
		...(counts ? {bytes: counts.bytes / setting.hosts, roundTrips: counts.roundTrips / setting.hosts} : {}),
		...(failed === undefined ? {} : {failed}),
	};
}

function failureOf({status, output}: Measured, tool: Tool, state: State): string | undefined {
	const changes = tool.changes(output);
	if (status !== 0 || changes === undefined) return `fails: ${reasonIn(output)}`;
	if (state === 'unchanged' && changes > 0) return `changes ${changes} of what is there`;
	return state === 'changed' && changes === 0 ? 'changes nothing' : undefined;
}

/** What a tool says of its failure: the first line that tells of one, with a message that stands below it, else its last. */
function reasonIn(output: string): string {
	const lines = output.trim().split('\n');
	const first = lines.findIndex((line) => /^(fatal|failed|error)\b/i.test(line));
	const [said = '', below = ''] = lines.slice(first);
	return [said, ...(/^\s+msg: /.test(below) ? [below] : [])]
		.map((line) => line.trim())
		.join(' ')
		.slice(0, 300);
}

/** The best of each figure; a failure stays one. */
function best(all: readonly Figures[]): Figures & {runs: number} {
	const least = (figure: 'wall' | 'cpu' | 'memory' | 'bytes' | 'roundTrips') =>
		Math.min(...all.map((one) => one[figure] ?? Number.POSITIVE_INFINITY));
	const isCounted = all[0]?.bytes !== undefined;
	const failed = all.find((one) => one.failed)?.failed;
	const ended = all.find((one) => one.ended);
	if (ended) return {...ended, runs: all.length};
	return {
		runs: all.length,
		wall: least('wall'),
		cpu: least('cpu'),
		memory: least('memory'),
		...(isCounted ? {bytes: least('bytes'), roundTrips: least('roundTrips')} : {}),
		...(failed === undefined ? {} : {failed}),
	};
}

/** The first lines that only the second of two tools left. */
function difference(one: string, other: string): string {
	const lines = new Set(one.split('\n'));
	const strange = other.split('\n').filter((line) => !lines.has(line));
	return strange.length > 0 ? strange.slice(0, 3).join('; ') : 'lines are missing';
}

/** Changes a file on one host between two runs: the second must find it, or what it learnt in the first stood in for a reading. */
async function changeBehindItsBack({paths, lab, limit, say}: Terms, {folder, inventory}: Stage, tool: Tool): Promise<void> {
	const run = async () => tool.changes((await measure(tool.command(inventory), {paths, folder, tool, limit})).output);
	await lab.run(1, 'file=$(find /srv/bench -type f ! -name stamp | sort | tail -n 1); printf x >>"$file"');
	const [found, again] = [await run(), await run()];
	if (found !== 1 || again !== 0)
		throw new Error(`a file changed behind its back: the next run changed ${found} (not 1), the one after it ${again} (not 0)`);
	say('  a file changed behind its back was found and mended');
}
