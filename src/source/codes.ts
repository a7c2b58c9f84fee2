/**
 * Every code a diagnostic can have, with what it means; `docs/errors.md` shows an example of each and a test compares the two.
 * A code is `room/what-is-wrong`.
 */
export const diagnosticCodes = {
	'yaml/syntax': 'the text is not YAML',
	'yaml/tab': 'a tab is used for indentation',
	'yaml/duplicate-key': 'a key stands twice in one mapping; the last one counts',
	'file/not-found': 'a file that is named does not exist',
	'file/unreadable': 'a file that is named cannot be read, or is not UTF-8 text',
	'template/syntax': 'a template or expression cannot be parsed',
	'template/undefined': 'a template uses a name that has no value',
	'template/unknown-filter': 'a template uses a filter that does not exist',
	'template/unknown-test': 'a template uses a test that does not exist',
	'template/unknown-lookup': 'a template uses a lookup that does not exist',
	'template/failed': 'a template failed while it was evaluated',
	'vault/no-secret': 'vault text was found but no password opens it',
	'vault/damaged': 'vault text is damaged',
	'inventory/syntax': 'an inventory source cannot be parsed',
	'inventory/none': 'there is no inventory, or nothing in it could be read',
	'inventory/pattern': 'a host pattern cannot be parsed or matches nothing',
	'playbook/shape': 'a playbook, play, block or task does not have the shape it must have',
	'playbook/unknown-keyword': 'a play, block, role or task has a keyword that does not exist',
	'playbook/keyword-value': 'a keyword has a value of the wrong type',
	'playbook/unsupported': 'a part of Ansible that Playbill lacks',
	'playbook/reserved-name': 'a variable has a name that means something else already',
	'playbook/include-cycle': 'imports include themselves',
	'role/not-found': 'a role cannot be found',
	'module/unknown': 'a task names a module that does not exist',
	'module/unsupported': "a task names a module of Ansible, or a value for one's argument, that Playbill lacks",
	'module/unknown-argument': 'a module has no such argument',
	'module/missing-argument': 'a required argument is missing',
	'module/argument-value': 'an argument has a value it cannot have',
	'task/failed': 'a task failed on a host',
	'cli/usage': 'the command line is wrong',
	'config/value': 'a setting in ansible.cfg or the environment has a value it cannot have',
	'config/unknown': 'a setting in ansible.cfg has no meaning here',
	'connection/unsupported': 'a connection or become plugin that Playbill lacks',
} as const;

export type DiagnosticCode = keyof typeof diagnosticCodes;
