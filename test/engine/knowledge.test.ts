import test from 'ava';
import type {Target} from '../../src/connection/connection.js';
import {Claim} from '../../src/engine/claim.js';
import {Knowledge} from '../../src/engine/knowledge.js';

const at = (address: string, port?: number): Target => ({
	name: 'h',
	transport: 'ssh',
	address,
	hostKeyChecking: true,
	connectTimeout: 1,
	...(port === undefined ? {} : {port}),
});

/** Whether a change at one address waits for one of the same place at another. */
function waits(knowledge: Knowledge, one: Target, other: Target): boolean {
	const first = knowledge.claim(one, ['/a']) as Claim;
	const second = knowledge.claim(other, ['/a']);
	first.release();
	if (second instanceof Claim) second.release();
	return !(second instanceof Claim);
}

test('machines are told apart by address and port, until they say what they are', (t) => {
	const knowledge = new Knowledge();
	const [a, b, c] = [at('127.0.0.1', 2222), at('127.0.0.1', 2200), at('10.0.0.1')] as const;
	const local: Target = {...c, transport: 'local'};
	for (const one of [a, b, local]) knowledge.meet(one);
	t.true(waits(knowledge, a, at('127.0.0.1', 2222)));
	t.true(waits(knowledge, a, local), 'a loopback address that has said nothing may be this machine');
	knowledge.identify(a, 'one');
	knowledge.identify(b, 'another');
	t.false(waits(knowledge, a, b));
	t.false(waits(knowledge, a, local));
	knowledge.identify(c, 'one');
	t.true(waits(knowledge, a, c));
});

test('a claim touches what lies on, above and below its places, of one machine', (t) => {
	const knowledge = new Knowledge();
	const machine = at('10.0.0.1');
	const claim = knowledge.claim(machine, ['/srv/a']) as Claim;
	t.true(claim instanceof Claim);
	for (const place of ['/srv/a', '/srv', '/srv/a/b', '/']) t.true(knowledge.claim(machine, [place]) instanceof Promise, place);
	for (const place of ['/srv/ab', '/srv/b', '/etc/x']) t.true(knowledge.claim(machine, [place]) instanceof Claim, place);
	t.true(knowledge.claim(at('10.0.0.2'), ['/srv/a']) instanceof Claim);
	t.false(claim.extend(['/etc/x']));
	t.true(claim.extend(['/opt/x']));
	claim.release();
	t.true(knowledge.claim(machine, ['/srv/a', '/opt/x']) instanceof Claim);
});
