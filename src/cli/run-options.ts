import {readFileSync} from 'node:fs';
import type {RunOptions} from '../engine/engine.js';
import {askQuestion, canAsk} from './ask.js';
import {type Config, isOn} from './config.js';
import type {Options} from './options.js';
import {UsageError} from './usage-error.js';

/** The command line over ansible.cfg over Ansible's defaults. Asks for the passwords that were asked for. */
export async function runOptionsOf(options: Options, config: Config): Promise<RunOptions> {
	const {settings} = config;
	const password = await secretOf(options.askPass, options.connectionPasswordFile, 'SSH password: ');
	const becomePassword = await secretOf(
		options.askBecomePass || isOn(config, 'becomeAskPass', false),
		options.becomePasswordFile,
		`BECOME password${options.askPass ? '[defaults to SSH password]' : ''}: `,
	);
	const commas = (text: string | undefined) =>
		(text ?? '')
			.split(',')
			.map((part) => part.trim())
			.filter(Boolean);
	return {
		check: options.check,
		diff: options.diff || isOn(config, 'diffAlways', false),
		forks: options.forks ?? Number(settings.forks ?? 5),
		verbosity: Math.max(options.verbosity, Number(settings.verbosity ?? 0)),
		tags: options.tags.length > 0 ? options.tags : commas(settings.runTags),
		skipTags: options.skipTags.length > 0 ? options.skipTags : commas(settings.skipTags),
		limit: options.limit,
		forceHandlers: options.forceHandlers || isOn(config, 'forceHandlers', false),
		anyErrorsFatal: isOn(config, 'anyErrorsFatal', false),
		gathering: (settings.gathering ?? 'implicit') as RunOptions['gathering'],
		strategy: (settings.strategy ?? 'linear').replace(/^ansible\.builtin\./, ''),
		startAtTask: options.startAtTask,
		connection: {
			transport: options.connection ?? settings.transport ?? 'ssh',
			remoteUser: options.remoteUser ?? settings.remoteUser,
			password,
			privateKeyFile: options.privateKey ?? settings.privateKeyFile,
			sshArgs: settings.sshArgs,
			sshCommonArgs: options.sshCommonArgs ?? settings.sshCommonArgs,
			sshExtraArgs: options.sshExtraArgs ?? settings.sshExtraArgs,
			timeout: options.timeout ?? Number(settings.timeout ?? 10),
			hostKeyChecking: isOn(config, 'hostKeyChecking', true),
			become: options.become || isOn(config, 'become', false),
			becomeMethod: options.becomeMethod ?? settings.becomeMethod ?? 'sudo',
			becomeUser: options.becomeUser ?? settings.becomeUser ?? 'root',
			becomePassword: becomePassword === '' ? password : becomePassword,
		},
	};
}

async function secretOf(ask: boolean, file: string | undefined, question: string): Promise<string | undefined> {
	if (file !== undefined) return readFileSync(file, 'utf8').trim();
	if (!ask) return undefined;
	if (!canAsk()) throw new UsageError(`a password was asked for (${question.trim()}), but there is no terminal to ask at`);
	return askQuestion(question, {secret: true});
}
