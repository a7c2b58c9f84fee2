import {appendFileSync} from 'node:fs';
import {
	DefaultView,
	JsonView,
	liveView,
	ProfileTasksView,
	type Streams,
	TimerView,
	type View,
	type ViewOptions,
} from '../report/report.js';
import {DiagnosticError, renderAnsible, renderDiagnostic} from '../source/source.js';
import {type Config, isOn} from './config.js';
import type {Options} from './options.js';
import {Output} from './output.js';
import type {Manner} from './run.js';

interface Wanted {
	readonly options: Options;
	readonly config: Config;
	readonly manner: Manner;
	readonly verbosity: number;
	readonly columns: number | undefined;
	readonly color: boolean;
}

const callbacks = new Set(['default', 'ansible.builtin.default', 'yaml', 'community.general.yaml']);

/** Does something that needs the terminal for itself. */
export type Aside = <T>(work: () => Promise<T>) => Promise<T>;

/** The views of a run: text for people and scripts, or an event a line for programs; `log_path` gets the text too. */
export async function makeViews({
	options,
	config,
	manner,
	verbosity,
	columns,
	color,
}: Wanted): Promise<{readonly views: readonly View[]; readonly aside: Aside; flush(): void}> {
	const {settings} = config;
	const callback = settings.callback ?? 'default';
	if (!callbacks.has(callback))
		throw refuse(`there is no stdout callback \`${callback}\`: Playbill has \`default\`, with result_format json or yaml`);
	const extra = (settings.callbacksEnabled ?? '')
		.split(',')
		.map((name) => name.trim())
		.filter(Boolean);
	const streams = new Output();
	const isTerminal = columns !== undefined && process.stdout.isTTY === true && process.env['TERM'] !== 'dumb';
	const isLive = isTerminal && manner !== 'ansible-playbook' && !options.json && verbosity === 0 && extra.length === 0;
	const viewOptions: ViewOptions = {
		verbosity,
		color,
		columns: columns ? columns - 1 : 79,
		showSkipped: isOn(config, 'displaySkipped', true),
		showOk: isOn(config, 'displayOk', true),
		showIncluded: isOn(config, 'displayIncluded', true),
		failedToStderr: isOn(config, 'failedStderr', false),
		resultFormat: settings.resultFormat === 'yaml' || callback.endsWith('yaml') ? 'yaml' : 'json',
		checkMarkers: isOn(config, 'checkMarkers', false),
		diffContext: Number(settings.diffContext ?? 3),
		renderFault: (fault) => {
			if (manner === 'ansible-playbook') return renderAnsible(fault);
			// What has no place in the text is told by the result itself.
			return fault.labels.length === 0 ? '' : renderDiagnostic(fault, {color, folder: process.cwd()});
		},
		namesHosts: manner !== 'ansible-playbook',
		showTasks: true,
		showDiffs: true,
		showUnknown: manner === 'check',
	};
	const text = options.json ? new JsonView(streams.out) : new DefaultView(streams, {...viewOptions, showTasks: !isLive});
	const live = isLive ? await liveView(text, screenOf(streams, color)) : undefined;
	const views: View[] = [live ?? text];
	for (const name of extra) views.push(timingView(name, streams));
	const log = settings.logPath;
	if (log) {
		const append = (text: string) => appendFileSync(log, text, {mode: 0o600});
		views.push(new DefaultView({out: append, err: append}, {...viewOptions, color: false, columns: 79}));
	}
	const aside: Aside = (work) => {
		streams.flush();
		return live ? live.aside(work) : work();
	};
	return {views, aside, flush: () => streams.flush()};
}

function screenOf({out}: Streams, color: boolean): Parameters<typeof liveView>[1] {
	return {
		color,
		now: () => Date.now(),
		columns: () => process.stdout.columns ?? 80,
		rows: () => process.stdout.rows ?? 24,
		write: out,
	};
}

/** The views that `callbacks_enabled` may add. */
function timingView(name: string, streams: Streams): View {
	const short = name.replace(/^ansible\.(posix|builtin)\./, '');
	if (short === 'timer') return new TimerView(streams);
	if (short === 'profile_tasks') return new ProfileTasksView(streams);
	throw refuse(`there is no callback \`${name}\`: Playbill has \`timer\` and \`profile_tasks\``);
}

function refuse(message: string): DiagnosticError {
	return new DiagnosticError({severity: 'error', code: 'config/value', message, labels: []});
}
