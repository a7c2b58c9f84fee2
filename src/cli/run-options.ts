import {userInfo} from 'node:os';
import {resolve} from 'node:path';
import type {RunOptions} from '../engine/engine.js';
import {readPasswordFile, VaultError} from '../vault/vault.js';
import {askQuestion, canAsk} from './ask.js';
import {CannotStart} from './cannot-start.js';
import {type Config, commas, isOn} from './config.js';
import type {Options} from './options.js';
import {UsageError} from './usage-error.js';

/** The command line over ansible.cfg over Ansible's defaults. Asks for the passwords that were asked for, if there is a run. */
export async function runOptionsOf(options: Options, config: Config, isRun: boolean): Promise<RunOptions> {
	const {settings} = config;
	const secretFor = async (ask: boolean, file: string | undefined, question: string) =>
		isRun ? secretOf(ask, file, question) : undefined;
	const password = await secretFor(
		options.askPass || isOn(config, 'askPass', false),
		options.connectionPasswordFile ?? config.settings.connectionPasswordFile,
		'SSH password: ',
	);
	const becomePassword = await secretFor(
		options.askBecomePass || isOn(config, 'becomeAskPass', false),
		options.becomePasswordFile ?? config.settings.becomePasswordFile,
		`BECOME password${options.askPass ? '[defaults to SSH password]' : ''}: `,
	);
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
			localUser: userInfo().username,
			password,
			privateKeyFile: options.privateKey ?? settings.privateKeyFile,
			port: settings.remotePort === undefined ? undefined : Number(settings.remotePort),
			sshRetries: Number(settings.sshRetries ?? 0),
			shellExecutable: settings.executable,
			sshArgs: settings.sshArgs,
			sshCommonArgs: options.sshCommonArgs ?? settings.sshCommonArgs,
			sshExtraArgs: options.sshExtraArgs ?? settings.sshExtraArgs,
			timeout: options.timeout ?? Number(settings.timeout ?? 10),
			hostKeyChecking: isOn(config, 'hostKeyChecking', true),
			become: options.become || isOn(config, 'become', false),
			becomeMethod: options.becomeMethod ?? settings.becomeMethod ?? 'sudo',
			becomeUser: options.becomeUser ?? settings.becomeUser ?? 'root',
			becomePassword: becomePassword === '' ? password : becomePassword,
			becomeSameUser: isOn(config, 'becomeSameUser', false),
			becomePrograms: becomeProgramsOf(config),
		},
	};
}

/** The plugins' own settings over those that all of them have. */
function becomeProgramsOf({settings}: Config): RunOptions['connection']['becomePrograms'] {
	const {becomeExe, becomeFlags} = settings;
	return {
		sudo: {
			user: settings.sudoUser,
			exe: settings.sudoExe ?? becomeExe,
			flags: settings.sudoFlags ?? becomeFlags,
			password: settings.sudoPassword,
		},
		su: {
			user: settings.suUser,
			exe: settings.suExe ?? becomeExe,
			flags: settings.suFlags ?? becomeFlags,
			password: settings.suPassword,
		},
		doas: {exe: becomeExe, flags: becomeFlags},
	};
}

/** The password that a file holds, or prints when it is a program. */
function passwordIn(file: string): string {
	const path = resolve(file);
	try {
		return readPasswordFile(path, undefined, (text) => Buffer.from(text)).toString();
	} catch (error) {
		if (!(error instanceof VaultError)) throw error;
		const ansible = error.message.replace(/vault password/g, 'password');
		throw new CannotStart('file/unreadable', `the password cannot be had from \`${file}\``, {ansible, help: ansible});
	}
}

async function secretOf(ask: boolean, file: string | undefined, question: string): Promise<string | undefined> {
	if (file !== undefined) return passwordIn(file);
	if (!ask) return undefined;
	if (!canAsk()) throw new UsageError(`a password was asked for (${question.trim()}), but there is no terminal to ask at`);
	return askQuestion(question, {secret: true});
}
