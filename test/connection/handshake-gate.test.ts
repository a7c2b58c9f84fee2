import {mock} from 'node:test';
import test from 'ava';
import {HandshakeGate} from '../../src/connection/handshake-gate.js';

/** Lets the promises go on that are settled. */
const settled = () => new Promise((resolve) => setImmediate(resolve));

/** Has many handshakes wait at a gate, and lets so many seconds pass in which those that began hear something each second, or nothing. Gives how many began. */
async function begunAfter(seconds: number, hears: boolean): Promise<number> {
	mock.timers.enable({apis: ['setTimeout']});
	try {
		const gate = new HandshakeGate();
		const begun: (() => void)[] = [];
		for (let index = 0; index < 500; index++) {
			void gate.pass((heard) => {
				begun.push(heard);
				return new Promise(() => {});
			});
		}
		await settled();
		for (let second = 0; second < seconds; second++) {
			for (const heard of hears ? begun : []) heard();
			mock.timers.tick(1000);
			await settled();
		}
		return begun.length;
	} finally {
		mock.timers.reset();
	}
}

test.serial('hosts that answer slowly are not joined by ever more: their servers would be slower yet', async (t) => {
	t.is(await begunAfter(10, true), 64);
});

test.serial('hosts that do not answer hold up nobody', async (t) => {
	t.is(await begunAfter(2, false), 128);
	t.is(await begunAfter(10, false), 384);
});

test.serial('fewer are let through when servers refuse, and again more when they do not', async (t) => {
	const gate = new HandshakeGate();
	let running = 0;
	let most = 0;
	const handshake = async () => {
		most = Math.max(most, ++running);
		await settled();
		running--;
	};
	const many = async (count: number) => {
		most = 0;
		await Promise.all(Array.from({length: count}, () => gate.pass(handshake)));
		return most;
	};
	t.is(await many(200), 64);
	gate.refused();
	gate.refused();
	t.is(await many(20), 20, 'one shortage that two hosts tell of counts once');
	t.true((await many(40)) < 40);
	await many(4000);
	t.is(await many(200), 64);
});
