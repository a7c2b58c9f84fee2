import type {MapNode, Span} from '../source/source.js';

/** Names of variables that mean something else already: functions of templates and keywords of plays, roles, blocks and tasks (ansible/vars/reserved.py). */
const reserved: ReadonlySet<string> = new Set(
	`action always any_errors_fatal args async async_val become become_exe become_flags become_method become_user block changed_when check_mode
	collections connection cycler debugger delay delegate_facts delegate_to dict diff environment fact_path failed_when force_handlers gather_facts
	gather_timeout handlers hosts ignore_errors ignore_unreachable joiner lipsum local_action lookup loop loop_control loop_with
	max_fail_percentage module_defaults name namespace no_log notify now omit order poll port post_tasks pre_tasks q query range register
	remote_user rescue retries roles run_once serial strategy tags tasks throttle timeout undef until validate_argspec vars_files vars_prompt
	when with_`.split(/\s+/),
);

/** Tells of each place where a variable gets such a name, once. */
export class ReservedNames {
	readonly #tell: (name: string, span: Span | undefined) => void;
	readonly #told = new Map<string, Set<string>>();

	constructor(tell: (name: string, span: Span | undefined) => void) {
		this.#tell = tell;
	}

	/** The keys of a mapping of variables. */
	inMap({entries}: MapNode): void {
		for (const {key} of entries) this.name(key.text, key.span);
	}

	name(name: string, span?: Span): void {
		if (!reserved.has(name)) return;
		const told = this.#told.get(name) ?? new Set();
		const place = span ? `${span.file.path} ${span.start}` : '';
		if (told.has(place)) return;
		this.#told.set(name, told.add(place));
		this.#tell(name, span);
	}
}
