import test from 'ava';
import {reservedNames} from '../../src/vars/reserved-names.js';

/** Those of `ansible.vars.reserved` in ansible-core 2.21, but for `vars`, of which it does not warn. */
const ofAnsible = `action always any_errors_fatal args async async_val become become_exe become_flags become_method become_user block changed_when
	check_mode collections connection cycler debugger delay delegate_facts delegate_to dict diff environment fact_path failed_when force_handlers
	gather_facts gather_timeout handlers hosts ignore_errors ignore_unreachable joiner lipsum local_action lookup loop loop_control loop_with
	max_fail_percentage module_defaults name namespace no_log notify now omit order poll port post_tasks pre_tasks q query range register
	remote_user rescue retries roles run_once serial strategy tags tasks throttle timeout undef until validate_argspec vars_files vars_prompt
	when with_`;

test('the names that Ansible warns of are warned of, and no others', (t) => {
	t.deepEqual([...reservedNames].sort(), ofAnsible.split(/\s+/));
});
