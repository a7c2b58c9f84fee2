/** What the manual says of a lookup; an example is an expression and the Python text of its result, with the files of test/lookup/manual.test.ts. */
export interface LookupManual {
	readonly summary: string;
	/** The terms and options, as a call would name them. */
	readonly signature: string;
	readonly example: readonly [expression: string, result: string];
}

/** The options of a lookup. */
export function optionsOf(name: string): ReadonlySet<string> {
	return new Set(Array.from((lookupManual[name]?.signature ?? '').matchAll(/(\w+)=/g), ([, option]) => option!));
}

/** Every lookup, for docs/templates.md. */
export const lookupManual: Readonly<Record<string, LookupManual>> = {
	config: {
		summary: 'Settings of ansible.cfg by their names.',
		signature: "*names, on_missing='error'",
		example: ["lookup('config', 'DEFAULT_FORKS')", '5'],
	},
	csvfile: {
		summary: 'The column of the row of a CSV file whose first field is the term.',
		signature: "*keys, file='ansible.csv', col=1, delimiter='TAB', default=None, encoding='utf-8', keycol=0",
		example: ["lookup('csvfile', 'zk1 file=hosts.csv delimiter=,')", "'10.0.0.1'"],
	},
	dict: {
		summary: '`{key, value}` for each entry of dicts.',
		signature: '*dicts',
		example: ["query('dict', {'a': 1})", "[{'key': 'a', 'value': 1}]"],
	},
	env: {
		summary: "Variables of this side's environment.",
		signature: "*names, default=''",
		example: ["lookup('env', 'NO_SUCH', default='none')", "'none'"],
	},
	file: {
		summary: 'The texts of files, vaults opened.',
		signature: '*paths, lstrip=False, rstrip=True',
		example: ["lookup('file', 'motd')", "'Hello'"],
	},
	fileglob: {
		summary: 'The files that shell patterns match, sorted.',
		signature: '*patterns',
		example: ["query('fileglob', '*.csv') | map('basename')", "['hosts.csv']"],
	},
	first_found: {
		summary: 'The first of several files that there is.',
		signature: '*files, files=[], paths=[], skip=False',
		example: ["lookup('first_found', ['none', 'motd']) | basename", "'motd'"],
	},
	indexed_items: {
		summary: 'The elements of lists with their numbers.',
		signature: '*lists',
		example: ["query('indexed_items', ['a', 'b'])", "[[0, 'a'], [1, 'b']]"],
	},
	ini: {
		summary: 'Values of an INI or properties file.',
		signature:
			"*keys, file='ansible.ini', section='global', type='ini', default='', re=False, case_sensitive=False, allow_no_value=False, allow_none=False, interpolation=True, encoding='utf-8'",
		example: ["lookup('ini', 'port', section='web', file='app.ini')", "'8080'"],
	},
	inventory_hostnames: {
		summary: 'The hosts that patterns mean.',
		signature: '*patterns',
		example: ["query('inventory_hostnames', 'all:!zk1')", "['kafka1']"],
	},
	items: {
		summary: 'The terms, lists among them taken apart once.',
		signature: '*terms',
		example: ["query('items', 1, [2, [3]])", '[1, 2, [3]]'],
	},
	lines: {
		summary: 'The lines that commands of this side print.',
		signature: '*commands',
		example: ["query('lines', 'printf \"a\\nb\"')", "['a', 'b']"],
	},
	list: {
		summary: 'The terms as they are.',
		signature: '*terms',
		example: ["query('list', 1, [2])", '[1, [2]]'],
	},
	nested: {
		summary: 'Every choice of one element of each list.',
		signature: '*lists',
		example: ["query('nested', [1, 2], ['a'])", "[[1, 'a'], [2, 'a']]"],
	},
	password: {
		summary: 'A password that is drawn once and kept in a file; in `/dev/null` it is not kept.',
		signature: "*paths, length=20, chars=['ascii_letters', 'digits', '.,:-_'], encrypt=None, ident=None, seed=None",
		example: ["lookup('password', '/dev/null', seed='kafka1', length=8)", "'fo0fm0EB'"],
	},
	pipe: {
		summary: 'What commands of this side print.',
		signature: '*commands',
		example: ["lookup('pipe', 'echo hi')", "'hi'"],
	},
	random_choice: {
		summary: 'One of the terms.',
		signature: '*terms',
		example: ["lookup('random_choice', 'a')", "'a'"],
	},
	sequence: {
		summary: 'Numbers as texts, in a format.',
		signature: "*terms, start=1, end=None, count=None, stride=1, format='%d'",
		example: ["query('sequence', 'start=1 end=5 stride=2 format=host%02d')", "['host01', 'host03', 'host05']"],
	},
	subelements: {
		summary: 'Every element of a list with each item of a list inside it.',
		signature: 'list, path, {skip_missing: False}',
		example: ["query('subelements', [{'n': 'x', 'l': [1, 2]}], 'l')", "[[{'n': 'x'}, 1], [{'n': 'x'}, 2]]"],
	},
	template: {
		summary: 'What template files give.',
		signature:
			"*paths, template_vars={}, variable_start_string='{{', variable_end_string='}}', comment_start_string='{#', comment_end_string='#}', trim_blocks=True, convert_data=True, jinja2_native=True",
		example: ["lookup('template', 'hello.j2')", "'Hello zk1\\n'"],
	},
	together: {
		summary: 'The first elements of all lists, the second ones, …, null where one is too short.',
		signature: '*lists',
		example: ["query('together', [1, 2], ['a'])", "[[1, 'a'], [2, None]]"],
	},
	unvault: {
		summary: 'The texts of vault files, or plain ones, as they are.',
		signature: '*paths',
		example: ["lookup('unvault', 'secret')", "'hush\\n'"],
	},
	url: {
		summary: 'The lines that addresses answer.',
		signature:
			"*urls, split_lines=True, headers={}, username='', password='', timeout=10, validate_certs=True, follow_redirects='urllib2', http_agent='ansible-httpget', force=False, use_proxy=True, force_basic_auth=False, use_gssapi=False, use_netrc=True, unix_socket=None, ca_path=None, unredirected_headers=None, ciphers=None",
		example: ["query('url', address)", "['one', 'two']"],
	},
	varnames: {
		summary: 'The names of variables that regular expressions find.',
		signature: '*patterns',
		example: ["query('varnames', '^ho')", "['host']"],
	},
	vars: {
		summary: 'Variables by name.',
		signature: '*names, default=None',
		example: ["lookup('vars', 'ho' ~ 'st')", "'zk1'"],
	},
};
