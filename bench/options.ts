import {parseArgs} from 'node:util';

export interface Options {
	/** The scenarios to measure; none means all. */
	readonly names: readonly string[];
	/** The tools to measure; none means all. */
	readonly only: readonly string[];
	/** How often each tool has its turn. */
	readonly turns: number;
	/** Seconds after which a run is ended. */
	readonly limit: number;
	/** With a hundred hosts, too. */
	readonly full: boolean;
}

export function readOptions(argv: readonly string[]): Options {
	const {values, positionals} = parseArgs({
		args: [...argv],
		allowPositionals: true,
		options: {
			only: {type: 'string', multiple: true, default: []},
			turns: {type: 'string', default: '2'},
			limit: {type: 'string', default: '300'},
			full: {type: 'boolean', default: false},
		},
	});
	return {
		names: positionals,
		only: values.only,
		turns: Number(values.turns),
		limit: values.full ? Math.max(1800, Number(values.limit)) : Number(values.limit),
		full: values.full,
	};
}
