import {mkdirSync, writeFileSync} from 'node:fs';
import {dirname, join, parse, resolve} from 'node:path';
import type {Emit} from '../engine/engine.js';
import {type Config, isOn} from './config.js';

/** `retry_files_enabled`: writes the hosts that were lost to a file that `--limit @FILE` reads, beside the playbook or where ansible.cfg says. */
export function writeRetryFile(playbook: string, lost: ReadonlySet<string>, config: Config, emit: Emit): void {
	if (!isOn(config, 'retryFiles', false) || lost.size === 0) return;
	const file = join(config.settings.retryFolder ?? dirname(resolve(playbook)), `${parse(playbook).name}.retry`);
	try {
		mkdirSync(dirname(file), {recursive: true});
		writeFileSync(
			file,
			[...lost]
				.sort()
				.map((host) => `${host}\n`)
				.join(''),
		);
		emit({type: 'message', text: `\tto retry, use: --limit @${file}\n`, verbosity: 0});
	} catch (error) {
		emit({type: 'warning', text: `Could not create retry file '${file}'.\n\t${(error as Error).message}`});
	}
}
