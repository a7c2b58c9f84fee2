import {once} from 'node:events';
import {type AddressInfo, connect, createServer} from 'node:net';
import test from 'ava';
import {Delaying} from '../../bench/delaying.js';

test('every byte is delayed; what could not have been sent earlier is a round trip', async (t) => {
	// Answers each line.
	const host = createServer((socket) => socket.on('data', (bytes) => socket.write(bytes)));
	host.listen(0, '127.0.0.1');
	await once(host, 'listening');
	const delaying = new Delaying(100);
	const server = await delaying.lead(
		{host: '127.0.0.1', port: 0},
		{host: '127.0.0.1', port: (host.address() as AddressInfo).port},
	);
	t.teardown(() => [host, server].map((one) => one.close()));
	const client = connect((server.address() as AddressInfo).port, '127.0.0.1');
	client.setNoDelay();
	await once(client, 'connect');
	const ask = async (text: string, expected = text) => {
		const begun = performance.now();
		client.write(text);
		let answer = '';
		while (answer.length < expected.length) answer += (await once(client, 'data'))[0];
		t.is(answer, expected);
		return performance.now() - begun;
	};
	t.true((await ask('one\n')) >= 95);
	t.deepEqual(delaying.counts(), {bytes: 8, roundTrips: 2}, 'the connection, and the line');
	t.true((await ask('two\n')) >= 95);
	t.deepEqual(delaying.counts(), {bytes: 8, roundTrips: 1});
	client.write('three\n');
	await new Promise((resolve) => setTimeout(resolve, 20));
	await ask('four\n', 'three\nfour\n');
	t.deepEqual(delaying.counts(), {bytes: 22, roundTrips: 1}, 'what is sent before the first has its answer waits with it');
	client.destroy();
});
