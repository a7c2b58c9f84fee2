import type {Emit, RunOptions} from '../engine/engine.js';
import type {Diagnostic} from '../source/source.js';
import type {Config} from './config.js';
import type {Options} from './options.js';

/** What a run is made of. */
export interface Wanted {
	readonly options: Options;
	readonly config: Config;
	readonly runOptions: RunOptions;
	readonly diagnose: (diagnostic: Diagnostic) => void;
	readonly emit: Emit;
	/** Asks the person at the terminal; undefined when nobody can answer. */
	readonly ask: ((question: string, options: {secret: boolean}) => Promise<string>) | undefined;
}
