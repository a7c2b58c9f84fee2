import test from 'ava';
import {HostRun} from '../../src/engine/host-run.js';
import {Turns} from '../../src/engine/turns.js';
import type {Task} from '../../src/playbook/playbook.js';

const task = (id: number) => ({id}) as Task;

/** What a host does at a task: `turn` in a round of all, else ahead of the others: at once, or when something else is done. */
type Work = 'turn' | 'ahead' | {readonly after: string};

/** Walks hosts through tasks, each with its work; gives what was done in time's order and what was told. */
async function walk(works: Readonly<Record<string, Readonly<Record<number, Work>>>>): Promise<{done: string[]; told: string[]}> {
	const done: string[] = [];
	const told: string[] = [];
	const waiting = new Map<string, () => void>();
	const note = (what: string) => {
		done.push(what);
		waiting.get(what)?.();
	};
	const hosts = Object.keys(works).map((name) => new HostRun(name));
	const tasks = new Map<number, Task>();
	const turns = new Turns<string>(
		hosts,
		true,
		async (one, group, _position, before) => {
			const names = group.map(({name}) => name).join(' ');
			note(`${one.id}: ${names}`);
			for (const {tell} of before) tell();
			told.push(`${one.id}: ${names}`);
			return new Map(group.map((host) => [host, 'turn']));
		},
		async (one, host) => {
			const work = works[host.name]![one.id]!;
			if (work === 'turn') return undefined;
			if (work !== 'ahead' && !done.includes(work.after))
				await new Promise<void>((resolve) => void waiting.set(work.after, resolve));
			note(`${one.id}: ${host.name} ahead`);
			return {outcome: 'ahead', tell: () => told.push(`${one.id}: ${host.name}`)};
		},
	);
	await Promise.all(
		hosts.map(async (host) => {
			for (const id of Object.keys(works[host.name]!).map(Number)) {
				tasks.set(id, tasks.get(id) ?? task(id));
				await turns.take(host, tasks.get(id)!, [id]);
			}
			turns.leave(host);
		}),
	);
	return {done, told};
}

test('a fast host does not wait for a slow one, but is told of in order', async (t) => {
	const {done, told} = await walk({slow: {1: {after: '2: fast ahead'}, 2: 'ahead'}, fast: {1: 'ahead', 2: 'ahead'}});
	t.deepEqual(done, ['1: fast ahead', '2: fast ahead', '1: slow ahead', '2: slow ahead']);
	t.deepEqual(told, ['1: slow', '1: fast', '2: slow', '2: fast']);
});

test('a turn begins when every host has left what lies before it', async (t) => {
	const {done, told} = await walk({a: {1: {after: '1: b ahead'}, 2: 'turn'}, b: {1: 'ahead', 2: 'turn'}});
	t.deepEqual(done, ['1: b ahead', '1: a ahead', '2: a b']);
	t.deepEqual(told, ['1: a', '1: b', '2: a b']);
});

test('a turn does not wait for hosts that are further', async (t) => {
	const {done, told} = await walk({
		a: {1: 'ahead', 2: 'turn', 3: 'ahead'},
		b: {1: 'ahead', 2: 'ahead', 3: {after: '3: a ahead'}, 4: 'ahead'},
	});
	t.deepEqual(done.slice(-4), ['2: a', '3: a ahead', '3: b ahead', '4: b ahead']);
	t.deepEqual(told, ['1: a', '1: b', '2: b', '2: a', '3: a', '3: b', '4: b']);
});

test('what the last host did is told when it leaves', async (t) => {
	const {told} = await walk({a: {1: 'ahead'}, b: {1: {after: '1: a ahead'}, 2: 'ahead'}});
	t.deepEqual(told, ['1: a', '1: b', '2: b']);
});

test('a stop ends who waits, and nothing that was done goes untold', async (t) => {
	const told: string[] = [];
	const [slow, fast] = [new HostRun('slow'), new HostRun('fast')];
	const turns = new Turns<string>(
		[slow, fast],
		true,
		async () => new Map(),
		async (one, host) => (one.id === 1 && host === fast ? {outcome: 'ahead', tell: () => told.push('1: fast')} : undefined),
	);
	await turns.take(fast, task(1), [1]);
	const waiting = turns.take(fast, task(2), [2]);
	await new Promise((resolve) => setImmediate(resolve));
	turns.stop(new Error('stopped'));
	await t.throwsAsync(waiting, {message: 'stopped'});
	t.deepEqual(told, []);
	turns.end();
	t.deepEqual(told, ['1: fast']);
});
