import test from 'ava';
import {HostRun} from '../../src/engine/host-run.js';
import {comparePositions, Turns} from '../../src/engine/turns.js';
import type {Task} from '../../src/playbook/playbook.js';

const task = (id: number) => ({id}) as Task;

test('positions compare like version numbers', (t) => {
	const sorted = [[0], [0, 1], [0, 2], [0, 10], [1], [1, 0, 5]];
	const shuffled = [...sorted].reverse();
	t.deepEqual(shuffled.sort(comparePositions), sorted);
});

/** Lets hosts take turns and notes each round as `task: hosts`. */
async function walk(ways: Readonly<Record<string, readonly number[]>>, lockstep = true): Promise<string[]> {
	const rounds: string[] = [];
	const hosts = Object.keys(ways).map((name) => new HostRun(name));
	const tasks = new Map<number, Task>();
	const turns = new Turns<string>(hosts, lockstep, async (one, group) => {
		rounds.push(`${one.id}: ${group.map(({name}) => name).join(' ')}`);
		await new Promise((resolve) => setImmediate(resolve));
		return new Map(group.map((host) => [host, `${one.id}${host.name}`]));
	});
	await Promise.all(
		hosts.map(async (host) => {
			for (const id of ways[host.name]!) {
				tasks.set(id, tasks.get(id) ?? task(id));
				const outcome = await turns.take(host, tasks.get(id)!, [id]);
				if (outcome !== `${id}${host.name}`) throw new Error('the outcome of another host');
			}
			turns.leave(host);
		}),
	);
	return rounds;
}

test('hosts go in lockstep, the earliest task first', async (t) => {
	t.deepEqual(await walk({a: [1, 2, 3], b: [1, 3], c: [2, 3]}), ['1: a b', '2: a c', '3: a b c']);
});

test('a host that leaves is not waited for', async (t) => {
	t.deepEqual(await walk({a: [1], b: [1, 2, 3]}), ['1: a b', '2: b', '3: b']);
});

test('strategy free waits for nobody', async (t) => {
	const rounds = await walk({a: [1, 2], b: [2]}, false);
	t.deepEqual([...rounds].sort(), ['1: a', '2: a', '2: b']);
});

test('a round that fails is told to every host in it', async (t) => {
	const hosts = [new HostRun('a'), new HostRun('b')];
	const turns = new Turns<string>(hosts, true, () => Promise.reject(new Error('broken')));
	const one = task(1);
	const results = await Promise.allSettled(hosts.map((host) => turns.take(host, one, [0])));
	t.deepEqual(
		results.map(({status}) => status),
		['rejected', 'rejected'],
	);
});
