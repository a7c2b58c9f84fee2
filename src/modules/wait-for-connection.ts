import {defineAction} from './contract.js';

interface WaitArguments {
	readonly connect_timeout: number;
	readonly delay: number;
	readonly sleep: number;
	readonly timeout: number;
	readonly [other: string]: unknown;
}

export default defineAction<WaitArguments>({
	name: 'wait_for_connection',
	summary: 'Wait until a host can be reached.',
	args: {
		connect_timeout: {type: 'int', default: 5, description: 'Seconds for one attempt.'},
		delay: {type: 'int', default: 0, description: 'Seconds before the first attempt.'},
		sleep: {type: 'int', default: 1, description: 'Seconds between attempts.'},
		timeout: {type: 'int', default: 600, description: 'Seconds after which it fails.'},
	},
	inCheckMode: 'run',
	needsHost: false,
	concernsOthers: true,
	act({connect_timeout: connectTimeout, delay, sleep, timeout}, _before, {checkMode}) {
		if (checkMode) return {result: {}, skipped: true};
		return {result: {}, changed: false, effects: [{kind: 'wait-for-connection', connectTimeout, delay, sleep, timeout}]};
	},
});
