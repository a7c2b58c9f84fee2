import {defineAction, type Effect, ModuleFailure} from './contract.js';

interface PauseArguments {
	readonly minutes?: unknown;
	readonly seconds?: unknown;
	readonly prompt?: string;
	readonly echo?: boolean;
	readonly [other: string]: unknown;
}

export default defineAction<PauseArguments>({
	name: 'pause',
	summary: 'Wait for a time, or for an answer.',
	args: {
		minutes: {type: 'raw', description: 'How many minutes to wait.'},
		seconds: {type: 'raw', description: 'How many seconds to wait.'},
		prompt: {type: 'str', description: 'What the person is asked; without a time the run waits for the answer.'},
		echo: {type: 'bool', default: true, description: 'Whether what is typed is shown.'},
	},
	rules: {mutuallyExclusive: [['minutes', 'seconds']]},
	inCheckMode: 'run',
	needsHost: false,
	concernsOthers: true,
	oncePerBatch: true,
	act({minutes, seconds, prompt, echo = true}) {
		const unit = minutes === undefined || minutes === null ? 'seconds' : 'minutes';
		const time =
			unit === 'minutes'
				? whole('minutes', minutes) * 60
				: seconds === undefined || seconds === null
					? undefined
					: whole('seconds', seconds);
		const wait: Effect = {
			kind: 'pause',
			unit: time === undefined ? 'minutes' : unit,
			echo,
			...(time === undefined ? {} : {seconds: Math.max(1, time)}),
			...(prompt ? {prompt} : {}),
		};
		return {result: {rc: 0, stderr: '', echo}, changed: false, effects: [wait]};
	},
});

/** Python's `int(value)`, which cuts fractions off, with Ansible's message. */
function whole(name: string, value: unknown): number {
	const given = value !== null && typeof value === 'object' && 'value' in value ? (value as {value: unknown}).value : value;
	if (typeof given === 'number' || typeof given === 'boolean') return Math.trunc(Number(given));
	if (typeof given === 'string' && /^\s*[-+]?\d+\s*$/.test(given)) return Number(given);
	throw new ModuleFailure(
		`argument '${name}' is of type ${typeof given === 'string' ? 'str' : 'list'} and we were unable to convert to int: invalid literal for int() with base 10: '${String(given)}'`,
	);
}
