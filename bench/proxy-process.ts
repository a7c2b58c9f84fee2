/*
 * The proxy in front of the lab's sshds: 127.0.2.N:2222 leads to kafkaN. Started with HOSTS and MILLISECONDS as its arguments, it tells `ready`, and
 * answers each message with the counts since the one before.
 */
import {Delaying} from './delaying.js';
import {direct, proxied, proxyPort} from './lab.js';

const [hosts = 0, roundTrip = 0] = process.argv.slice(2).map(Number);
const delaying = new Delaying(roundTrip);

const numbers = Array.from({length: hosts}, (_, index) => index + 1);
await Promise.all(numbers.map((n) => delaying.lead({host: proxied(n), port: proxyPort}, {host: direct(n), port: 22})));
process.on('message', () => process.send!(delaying.counts()));
process.send!('ready');
