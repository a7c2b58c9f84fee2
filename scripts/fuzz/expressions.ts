/* Makes random expressions: mostly of the right types, often with an odd argument. */
import type {Chance} from './chance.js';
import {patternOf} from './patterns.js';
import {filters, methods, tests, variables} from './tables.js';

/** How many of a hundred arguments are of any kind whatever. */
const oddArguments = 7;
const simpleKinds = ['text', 'integer', 'float', 'bool', 'list', 'dict', 'none', 'tuple', 'troubled'];
const usualKinds = ['text', 'text', 'integer', 'float', 'bool', 'list', 'list', 'dict', 'none'];

/** Literals and pools by kind; a function makes what is not in a pool. */
const pools: Readonly<Record<string, readonly string[]>> = {
	algorithm: ["'md5'", "'sha1'", "'sha256'", "'sha512'", "'sha224'", "'nope'", "'sha3_256'", "'blake2b'"],
	b64: ["'aGVsbG8='", "'aGVsbG8'", "'w7w='", "'/+8='", "'_-8='", "'!!'", "''", 'b64', "'aGVs bG8='", "'YQ'", "'YQ='"],
	csv: [
		"'a,b\\n1,2'",
		"'a;b\\n1;2\\n'",
		'\'a,b\\n"x,y",z\'',
		"'a,a\\n1,2'",
		"''",
		"'a,b\\n1'",
		"'a,b\\n1,2,3'",
		'csv',
		"'a, b\\n1, 2'",
		'\'"a""b",c\\n1,2\'',
		'lines',
		"'a\\tb\\n1\\t2'",
	],
	dialect: ["'excel'", "'excel-tab'", "'unix'", "'nope'"],
	ini: [
		"'[a]\\nb=1'",
		"'[a]\\nb = x ; y\\n[c]'",
		"'b=1'",
		"''",
		"'[a]\\nb'",
		"'[a]\\n[a]'",
		"'[A]\\nKey: V\\n x\\n'",
		"'[DEFAULT]\\nd=1\\n[s]\\ne=%(d)s'",
		"'; c\\n[a]\\nb=1\\n# d'",
		"'[a]\\nb=1\\nb=2'",
	],
	inidict: [
		"{'a': {'b': 1}}",
		"{'a': {'b': 'x', 'c': true}, 'd': {}}",
		"{'a': 1}",
		'{}',
		'deep',
		'conf',
		"{'DEFAULT': {'x': 1}}",
		"{'a': {'B c': none}}",
	],
	ip: [
		"'192.168.1.5'",
		"'192.168.1.5/24'",
		"'10.0.0.0/8'",
		"'::1'",
		"'fe80::1/64'",
		"'2001:db8::/32'",
		"'nope'",
		"''",
		"'1.2.3'",
		"'192.168.0.0/33'",
		'1234567',
		"'192.168.1.0/255.255.255.0'",
		"['10.0.0.1', 'x', '::1', '10.0.0.0/24']",
		"'127.0.0.1'",
		"'224.0.0.1'",
		"'::ffff:1.2.3.4'",
		"'0.0.0.0/0'",
		"'10.1.2.3/32'",
		"'169.254.0.1'",
		"'1.2.3.4/31'",
		'mac',
		'true',
		'[]',
		"'2002:c000:0201::/48'",
	],
	ipquery: [
		"'address'",
		"'network'",
		"'netmask'",
		"'prefix'",
		"'broadcast'",
		"'host'",
		"'net'",
		"'public'",
		"'private'",
		"'size'",
		"'subnet'",
		"'type'",
		"'version'",
		"'bool'",
		"'int'",
		"'revdns'",
		"'hostmask'",
		"'cidr'",
		"'first_usable'",
		"'last_usable'",
		"'next_usable'",
		"'previous_usable'",
		"'range_usable'",
		"'size_usable'",
		"'wildcard'",
		"'address/prefix'",
		"'ip/prefix'",
		"'ip_netmask'",
		"'network/prefix'",
		"'network_netmask'",
		"'network_wildcard'",
		"'gateway'",
		"'loopback'",
		"'multicast'",
		"'unicast'",
		"'link-local'",
		"'6to4'",
		"'ip'",
		"'peer'",
		"'ipv4'",
		"'ipv6'",
		"'wrap'",
		"'hostnet'",
		"'host/prefix'",
		"'nope'",
		"'10.0.0.0/8'",
		"'1'",
		'1',
		"'-1'",
		'0',
		"'router'",
		"'network_id'",
		"'lo'",
		"'192.168.0.0/16'",
	],
	jmespath: [
		"'a'",
		"'[0]'",
		"'[*].name'",
		"'a.b'",
		"'[?uid > `1000`].name'",
		"'length(@)'",
		"'keys(@)'",
		"'nope'",
		"'['",
		'\'[?state=="present"].name | [0]\'',
		"'[].groups[]'",
		"'sort_by(@, &name)[].name'",
		"'{n: num}'",
		"'max_by(@, &uid).name'",
		"'@'",
		"'join(`,`, @)'",
		"'[1:3]'",
		"'[::-1]'",
		"'type(@)'",
		"'*'",
		"'values(@)'",
		"'[?contains(name, `a`)]'",
		"'to_string(@)'",
		"'map(&name, @)'",
		"'a || b'",
		"'!a'",
		"'nofunc(@)'",
		"'sum(@)'",
		'\'"log.dirs"\'',
	],
	mac: [
		'mac',
		"'525400aabbcc'",
		"'52-54-00-AA-BB-CC'",
		"'5254.00aa.bbcc'",
		"'nope'",
		"''",
		"['52:54:00:aa:bb:cc', 'x']",
		'12345',
		"'52:54:0:a:b:c'",
	],
	macformat: [
		"''",
		"'bare'",
		"'bool'",
		"'int'",
		"'cisco'",
		"'eui48'",
		"'linux'",
		"'unix'",
		"'pgsql'",
		"'postgresql'",
		"'psql'",
		"'win'",
		"'nope'",
	],
	macprefix: ["'52:54:00'", "'52'", "''", "'xx'", "'1:2:3:4:5:6'", 'mac', "'AB:cd'", "'5'"],
	merging: ["'merge'", "'span'", "'nope'"],
	network: [
		"'192.168.0.0/24'",
		"'10.0.0.0/8'",
		"'192.168.1.5/30'",
		"'fe80::/64'",
		"'1.2.3.4'",
		"'nope'",
		"'192.168.144.0/20'",
		"'10.0.0.0/31'",
		"'10.0.0.5/32'",
		"'::/0'",
	],
	networks: [
		"['10.0.0.0/24', '10.0.1.0/24']",
		"['10.0.0.1', '10.0.0.2', 'x']",
		'[]',
		"'10.0.0.1'",
		"['10.0.0.0/25', '10.0.0.128/25', '1.1.1.1']",
		"['192.168.1.1', '10.0.0.0/8', '::1']",
		"['10.0.0.0/24', '::/0']",
	],
	normalform: ["'NFC'", "'NFD'", "'NFKC'", "'NFKD'", "'nope'"],
	pairs: ['pairs', '[[1, 2], [3, 4]]', '[[1]]', '[]', "'ab'", "['ab', 'cd']", 'words', '[[1, 2], [1, 3]]'],
	prefix: [
		'24',
		'25',
		'26',
		'30',
		'32',
		"'28'",
		"'192.168.0.3'",
		"'10.0.0.0/9'",
		'64',
		'20',
		"'nope'",
		'0',
		"''",
		'33',
		"'192.168.0.0/30'",
	],
	versions: [
		"['1.10', '1.9']",
		"['1.0rc1', '1.0', '1.0.post1']",
		'[]',
		"['b', '1', 'a']",
		'int_texts',
		'[version, version_rc]',
		"['1.0a', '1.0-b']",
		'[1, 2]',
		"['2.1', '2.1.0', '2']",
	],
	base: ['2', '8', '10', '16', '0', '36', '37', '1', "'2'", '10.0'],
	by: ["'key'", "'value'", "'nope'", '1'],
	char: ["'*'", "' '", "'é'", "''", "'ab'", '1'],
	comment: ["'plain'", "'c'", "'cblock'", "'xml'", "'erlang'", "'nope'"],
	date: [
		"'2024-03-01 12:34:56'",
		"'2024-02-30 00:00:00'",
		"'2024-02-29 23:59:59'",
		"'1999-12-31 00:00:01'",
		"'nope'",
		'date',
		"'2024-3-1 1:2:3'",
		"'2024-03-01'",
		"'01/Mar/2024:10:20:30 +0100'",
		"'Fri Mar  1 2024'",
		"'2024-060'",
		"'10:20'",
		"'12/31/99'",
		"' 2024-03-01  12:34:56'",
	],
	duplicates: ["'error'", "'overwrite'", "'nope'"],
	encoding: ["'utf-8'", "'latin-1'", "'ascii'", "'utf-16-le'", "'nope'", "'UTF8'", "'utf-16'", "'cp1252'"],
	escape: ["'python'", "'posix_basic'", "'posix_extended'", "'nope'"],
	filtername: ["'upper'", "'nope'", "'ansible.builtin.combine'", "'a.b.c'", "'d'", '1', "''"],
	group: ["'\\\\1'", "'\\\\g<1>'", "'\\\\2'", "'\\\\g<x>'", "'nope'", "'\\\\0'", "'\\\\g<0>'"],
	indent: ['0', '1', '2', '4', '8', "'> '", "''", '-1', 'true', '2.5'],
	json: [
		"'[1, 2.0, null]'",
		'\'{"a": {"b": [true]}}\'',
		"'nope'",
		"''",
		'json_text',
		"'1e400'",
		"'NaN'",
		'\'{"a": 1, "a": 2}\'',
		'\'"\\u00e9"\'',
		"' 1 '",
		"'[1,]'",
		"'01'",
		"'-0'",
		"'1.0'",
		"'12345678901234567890123'",
		"'-Infinity'",
		'\'{"b": 1, "a": 2}\'',
		"'\"x'",
		"'[1] x'",
	],
	key: [
		"'a'",
		"'b'",
		"'name'",
		"'num'",
		"'uid'",
		"'x.y'",
		"'log.dirs'",
		'0',
		'1',
		'-1',
		'2',
		"'nope'",
		"'1'",
		'true',
		'1.0',
		"'items'",
		"'key'",
		"'value'",
		"'ansible_host'",
		"'kafka1'",
	],
	attribute: [
		"'name'",
		"'uid'",
		"'groups'",
		"'state'",
		"'a'",
		"'b'",
		"'b.c'",
		"'b.c.0'",
		"'key'",
		"'value'",
		"'nope'",
		"'size'",
		"'mount'",
		'0',
		'1',
		"'groups.0'",
		"'name,uid'",
		"'-1'",
		"'name.0'",
	],
	kv: ['kv', 'users', '[{"key": "a", "value": 1}]', '[]', '[1]', "[{'key': 'a'}]", "[{'name': 'a', 'value': 1}]"],
	matchtype: ["'search'", "'match'", "'fullmatch'", "'findall'", "'nope'"],
	merge: ["'replace'", "'keep'", "'append'", "'prepend'", "'append_rp'", "'prepend_rp'", "'nope'"],
	missing: ["'/no/such/file'", "'/no/../such/./x'", "'/no//such/'", "'no_such'", "''", 'word'],
	none: ['none', 'n', 'None'],
	operator: ["'<'", "'>='", "'eq'", "'!='", "'lt'", "'ge'", "'=='", "'gt'", "'='", "'ne'", "'le'", "'<>'", "'~='", '1'],
	path: [
		"'/a/b/c.txt'",
		"'a/b'",
		"'/'",
		"''",
		"'a/'",
		"'//a'",
		"'~/x'",
		"'./.b'",
		"'.bashrc'",
		"'a.tar.gz'",
		"'../a/../b'",
		'path',
		'relative',
		'url',
		'word',
		'1',
		"'/a//b/'",
		"'~nobody_x/y'",
	],
	precision: ['0', '1', '2', '-1', '3', '10', '1.5', "'1'", '-5'],
	regex: [
		"'a'",
		"'^.'",
		"'.$'",
		"'(\\\\w+)'",
		"'[a-z]+'",
		"'(?i)A'",
		"'(?P<x>\\\\d)'",
		"'\\\\d+'",
		"'a*'",
		"''",
		"'('",
		"'[^,]'",
		"'(a)|(b)'",
		"'\\\\s'",
		"'\\\\bl'",
		"'e(?=l)'",
		"'o$'",
		"'\\\\.'",
		"'.'",
		"'x{2}'",
		"'[0-9]{1,2}'",
		"'^'",
		"'$'",
		"'\\\\Z'",
		"'(l)(o)?'",
	],
	replacement: [
		"'x'",
		"''",
		"'\\\\1'",
		"'\\\\g<1>'",
		"'\\\\g<x>'",
		"'[\\\\0]'",
		"'$1'",
		"'\\\\n'",
		"'-\\\\1-\\\\1'",
		"'\\\\2'",
		"'\\\\\\\\'",
		"'\\\\g<0>'",
		"'\\\\q'",
		"'&'",
	],
	rounding: ["'common'", "'ceil'", "'floor'", "'nope'"],
	schemes: ["['http', 'https']", "['ftp']", "'https'", '[]', "['https', 'urn']"],
	seed: ["'x'", '1', '42', "'kafka1'", 'inventory_hostname', '-5', '1.5', 'big'],
	separator: ["','", "' '", "'-'", "'.'", "'/'", "''", 'none', "'l'", "'::'", "'\\n'"],
	separators: ["(',', ':')", "[', ', ': ']", "(',',)"],
	size: [
		"'1K'",
		"'10 MB'",
		"'512'",
		"'1.5g'",
		"'1Kb'",
		"'2 kb'",
		"'nope'",
		"'1 KiB'",
		'1024',
		'1.5',
		"''",
		"'10 Bytes'",
		"'3.5T'",
		"'1e3'",
		"'-1K'",
		"'5 bits'",
		"'1Z'",
		"' 7 M '",
		"'1KB'",
		"'1MiB'",
		"'12 foo'",
		"'0x10'",
	],
	strftime: [
		"'%Y-%m-%d %H:%M:%S'",
		"'%j %U %W'",
		"'%a %A %b %B'",
		"'%y %I %p'",
		"'%s'",
		"'%%'",
		"'%-d %-m'",
		"'%F %T'",
		"'%e'",
		"'%Z%z'",
		"'%c'",
		"'%x %X'",
		"'x'",
		"''",
		"'%G-W%V-%u'",
		"'%q'",
		"'%'",
		"'%D %R %n%t'",
		"'%C %h %k %l'",
		"'%P'",
		"'%_d|%^a|%#Z|%010Y'",
		"'é %d'",
		"'%w'",
		"'%g'",
		"'%f'",
	],
	strptime: [
		"'%Y-%m-%d %H:%M:%S'",
		"'%Y-%m-%d'",
		"'%d/%b/%Y:%H:%M:%S %z'",
		"'%a %b %d %Y'",
		"'%Y-%j'",
		"'%H:%M'",
		"'%m/%d/%y'",
		"'%q'",
		"''",
		"'%Y'",
		"'%Y-%m-%d %I:%M:%S'",
		"'%c'",
		"'%s'",
		"'%Y-%m-%d%n%H:%M:%S'",
	],
	style: ["'\"'", '"\'"', "'|'", "'>'", "''", 'none'],
	testname: ["'odd'", "'nope'", "'ansible.builtin.match'", "'a.b'", '1', "'=='"],
	true: ['true'],
	tiny: ['0', '1', '2', '3', '-1', 'none', "'2'", '1.5', 'true'],
	small: ['0', '1', '2', '3', '5', '8', '12', '20', '-1', '-3', '40', '2.0', "'3'", 'none'],
	unit: ["'K'", "'M'", "'G'", "'b'", "'B'", "'nope'", "'KB'", "'T'", "'k'", "''", "'Mb'"],
	urlpart: [
		"'scheme'",
		"'hostname'",
		"'port'",
		"'path'",
		"'query'",
		"'fragment'",
		"'username'",
		"'password'",
		"'netloc'",
		"'nope'",
		"''",
	],
	url: [
		'url',
		"'http://a.b'",
		"'https://a:b@[::1]:80/x?y=1&z=%41+b#f'",
		"'mailto:a@b.c'",
		"'foo bar www.example.com.'",
		"'urn:isbn:1'",
		"'nope'",
		"''",
		"'http://a:x/'",
		"'//a/b'",
		"'http://'",
		"'a%20b%E4%B8%96%zz+'",
		"'ftp://ftp.x.org/'",
		"'see http://x.org/a_(b), or <x@y.z>'",
		"'file:///etc'",
		"'HTTP://A.B/C'",
		"'http://[::1'",
		"'http://a.b:99999/'",
		"'1:2'",
	],
	version: [
		'version',
		'version_rc',
		"'1.0'",
		"'1.0.0'",
		"'2'",
		"'1.10'",
		"'1.9'",
		"'1.0a1'",
		"'v1'",
		"''",
		'1.2',
		'3',
		"'1.2.3-alpha.1'",
		"'1.2.3+b'",
		"'1.0.post1'",
		"'1.0.dev3'",
		"'1!1.0'",
		"'1.2-3'",
		"'1.x'",
		"'1.2.3-rc.1'",
		"'01.2.3'",
		"'1.0rc1'",
		"'a'",
	],
	versiontype: ["'loose'", "'strict'", "'semver'", "'semantic'", "'pep440'", "'nope'"],
	winpath: [
		"'C:\\\\a\\\\b.txt'",
		"'C:/a/b'",
		"'a'",
		"''",
		"'\\\\\\\\srv\\\\share\\\\x'",
		"'C:'",
		'path',
		"'c:x'",
		"'/a\\\\b/'",
		"'\\\\'",
	],
	yaml: [
		'yaml_text',
		"'a: yes'",
		"'- 1\\n- 010\\n- 1:30\\n'",
		"'a: [1, 2'",
		"''",
		"'~'",
		"'2024-03-01'",
		"'a: *x'",
		"'{a: 1, 2: b}'",
		"'a: !!str 1'",
		"'- &x a\\n- *x'",
		"'a: 1\\na: 2'",
		"'1e3'",
		"'1.5e+3'",
		"'.inf'",
		"'0x1F'",
		"'0b11'",
		"'1_000'",
		"'on'",
		"'y'",
		"'null'",
		"'a: |\\n  x\\n  y\\n'",
		"'? a\\n: b'",
		"'<<: {a: 1}\\nb: 2'",
		'\'a: "x\\\\ty"\'',
		"'--- 1\\n--- 2\\n'",
		"'!!set {a, b}'",
		"'2024-03-01 10:11:12.5 +2'",
		"'!x y'",
		"'a:\\tb'",
		"'\\t- a'",
		"'= '",
		"'!!binary aGk='",
		"'- !!float 1'",
		"'[a, b]: c'",
		'1',
	],
};

/** Which filters expressions may use. */
export type FilterTable = Readonly<Record<string, string>>;

export class ExpressionMaker {
	readonly #chance: Chance;
	readonly #special: FilterTable | undefined;
	/** How deep the expression may still nest. */
	#depth = 0;

	/** `special`: filters that stand outermost in every expression. */
	constructor(chance: Chance, special?: FilterTable) {
		this.#chance = chance;
		this.#special = special;
	}

	/** An expression that nests up to `depth` levels and does something. */
	make(depth: number): string {
		this.#depth = depth;
		if (this.#special) return this.#filtered(this.#chance.pick(Object.keys(this.#special)));
		let made = this.#any();
		while (/^[\w.]+$|^'[^']*'$/.test(made)) made = this.#any();
		return made;
	}

	/** An expression that may stand in a condition. */
	condition(depth: number): string {
		this.#depth = depth;
		return this.#chance.percent(60) ? this.#tested() : this.#operation();
	}

	#any(): string {
		const chance = this.#chance;
		const share = chance.below(100);
		if (this.#depth <= 0) return this.#of(chance.pick(usualKinds));
		if (share < 48) return this.#filtered(chance.pick(Object.keys(filters)));
		if (share < 62) return this.#method(chance.pick(['text', 'text', 'list', 'dict']));
		if (share < 72) return this.#tested();
		if (share < 90) return this.#operation();
		if (share < 94) return this.#global();
		return this.#of(chance.pick(simpleKinds));
	}

	/** An operand of a filter or an operator: what binds less is put in brackets, mostly. */
	#operand(text: string): string {
		return /^[\w.]+$|^'[^']*'$|^[[{(][^()[\]{}]*[\])}]$/.test(text) || this.#chance.percent(4) ? text : `(${text})`;
	}

	#inner(make: () => string): string {
		this.#depth--;
		const text = make();
		this.#depth++;
		return text;
	}

	#filtered(name: string): string {
		const [input, ...parameters] = (filters[name] ?? this.#special![name]!).split(', ');
		const value = this.#operand(this.#argument(input!));
		const shown = name in filters && this.#chance.percent(3) ? `ansible.builtin.${name}` : name;
		return `${value} | ${shown}${this.#call(parameters)}`;
	}

	#tested(): string {
		const name = this.#chance.pick(Object.keys(tests));
		const [input, ...parameters] = tests[name]!.split(', ');
		const value = this.#operand(this.#argument(input!));
		return `${value} is ${this.#chance.percent(15) ? 'not ' : ''}${name}${this.#call(parameters)}`;
	}

	#method(type: string): string {
		const chance = this.#chance;
		const table = methods[type]!;
		const name = chance.pick(Object.keys(table));
		const value = this.#operand(this.#argument(type));
		const parameters = table[name] ? table[name].split(', ') : [];
		return `${value}.${name}(${this.#call(parameters).replace(/^\(|\)$/g, '')})`;
	}

	/** The arguments of a call, in brackets; nothing when there are none. */
	#call(parameters: readonly string[]): string {
		const chance = this.#chance;
		const given: string[] = [];
		let named = false;
		for (const parameter of parameters) {
			const [, name, kind, optional] = /^(?:(\w+)=)?(\w+)(\?)?$/.exec(parameter) as unknown as [
				string,
				string?,
				string?,
				string?,
			];
			if (kind === 'mapped') {
				given.push(...this.#mapped());
				continue;
			}
			if (kind === 'selected') {
				if (!optional || chance.percent(70)) given.push(...this.#selected());
				continue;
			}
			if (kind !== 'seed' && (optional ? chance.percent(55) : chance.percent(2))) {
				if (name) named = true;
				else break;
				continue;
			}
			const value = this.#inner(() => this.#argument(kind!));
			if (name && (named || chance.percent(40))) {
				named = true;
				given.push(`${name}=${value}`);
			} else if (!named) given.push(value);
		}
		if (chance.percent(2)) given.push(named ? `nope=${chance.below(3)}` : this.#inner(() => this.#of(chance.pick(usualKinds))));
		return given.length ? `(${given.join(', ')})` : '';
	}

	#mapped(): string[] {
		const chance = this.#chance;
		if (chance.percent(40)) {
			const fallback = chance.percent(30) ? [`default=${this.#of(chance.pick(usualKinds))}`] : [];
			return [`attribute=${chance.pick(pools['attribute']!)}`, ...fallback];
		}
		const name = chance.pick(Object.keys(filters));
		const [, ...parameters] = filters[name]!.split(', ');
		const plain = parameters.filter((one) => !/^(mapped|selected)/.test(one));
		return [`'${name}'`, ...this.#list(this.#inner(() => this.#call(plain)))];
	}

	#selected(): string[] {
		const chance = this.#chance;
		if (chance.percent(8)) return [];
		const name = chance.percent(15) ? chance.pick(['==', '>', '<=', '!=', 'nope', 'eq']) : chance.pick(Object.keys(tests));
		const [, ...parameters] = (tests[name] ?? 'any, any').split(', ');
		return [`'${name}'`, ...this.#list(this.#inner(() => this.#call(parameters)))];
	}

	#list(call: string): string[] {
		return call ? [call.slice(1, -1)] : [];
	}

	#operation(): string {
		const chance = this.#chance;
		const operand = (kind: string) => this.#operand(this.#inner(() => this.#argument(kind)));
		switch (chance.below(9)) {
			case 0:
				return `${operand('number')} ${chance.pick(['+', '-', '*', '/', '//', '%', '**'])} ${operand(chance.percent(80) ? 'number' : 'any')}`;
			case 1:
				return `${operand('any')} ~ ${operand('any')}`;
			case 2:
				return `${operand('any')} ${chance.pick(['==', '!=', '<', '>', '<=', '>=', 'in', 'not in'])} ${operand('any')}`;
			case 3:
				return `${operand('any')} ${chance.pick(['and', 'or'])} ${operand('any')}`;
			case 4:
				return `${operand('any')} if ${operand('bool')}${chance.percent(85) ? ` else ${operand('any')}` : ''}`;
			case 5:
				return `${chance.pick(['not ', '-', '+'])}${operand('any')}`;
			case 6: {
				const kind = chance.pick(['list', 'text', 'tuple']);
				const bound = () => (chance.percent(35) ? '' : chance.pick(['0', '1', '2', '-1', '-2', '5', '99', 'none', 'one', '1.0']));
				return `${operand(kind)}[${bound()}:${bound()}${chance.percent(40) ? `:${chance.pick(['1', '2', '-1', '0', '-2', ''])}` : ''}]`;
			}
			case 7:
				return `${operand(chance.pick(['list', 'dict', 'text', 'dict']))}${chance.percent(50) ? `[${operand('key')}]` : `.${chance.pick(['a', 'b', 'name', '0', 'nope', 'num', 'uid', 'items', 'keys'])}`}`;
			default: {
				const kind = chance.pick(['text', 'list', 'tuple', 'text']);
				return `${operand(kind)} ${chance.pick(['+', '*', '%', '<', '=='])} ${operand(chance.pick([kind, kind, 'integer', 'any']))}`;
			}
		}
	}

	#global(): string {
		const chance = this.#chance;
		switch (chance.below(8)) {
			case 0:
				return `range(${chance.some(1, 3, () => chance.pick(['0', '1', '5', '10', '-2', 'two', "'3'", '2.5'])).join(', ')})${chance.percent(80) ? ' | list' : ''}`;
			case 1:
				return `dict(${chance.pick(['pairs', 'conf', 'a=1', '[[1, 2]]', 'conf, b=2', 'int_texts', 'words | zip(ports)', '1', ''])})`;
			case 2:
				return `${chance.pick(['lookup', 'query', 'q'])}(${chance.pick(["'vars', 'word'", "'vars', 'nowhere', default='x'", "'vars', 'tpl_bad'", "'vars', 'nowhere'", "'env', 'HOME'", "'env', 'NOPE'", "'env', 'EMPTY', default='x'", "'dict', conf", "'dict', ports", "'items', ports, words", "'items', 1, [2, [3]]", "'list', ports", "'nested', ports, words", "'nested', 'ab', [1]", "'together', ports, words", "'together', 'ab', [1]", "'sequence', 'start=1 end=4 format=x%02d'", "'sequence', 'count=3'", "'sequence', '5-9/2'", "'sequence', end=3", "'sequence', '1-3:h%d'", "'sequence', 'end=-2'", "'sequence', start=3, end=1, stride=-1", "'indexed_items', words", "'subelements', users, 'groups'", "'subelements', users, 'state', {'skip_missing': true}", "'varnames', '^tpl'", "'varnames', 'a(', 'x'", "'nope', 1", "'nope', 1, errors='ignore'", "'dict', 1, errors='ignore'", "'dict', 1, errors='warn'", "'items', wantlist=true", "'ansible.builtin.list', 1, 2", "'vars', 1", "'file', '/no/such'", "'file', '/no/such', errors='ignore'", "'first_found', []", "'first_found', ['/no/such'], skip=true", "'list', [1], wantlist=true", "'random_choice', []"])})`;
			case 3:
				return `undef(${chance.pick(['', "'hint'", "hint='x'", '1'])})`;
			case 4:
				return `namespace(${chance.pick(['a=1', '', 'conf'])})${chance.pick(['', '.a', ' is defined'])}`;
			case 5:
				return (
					chance.pick([
						'range',
						'lookup',
						'omit',
						'self',
						'loop',
						'caller',
						'varargs',
						'environment',
						'vars',
						'dict',
						'lipsum',
						'cycler',
						'joiner',
						'now',
					]) + chance.pick(['', ' is defined', ' | type_debug', ' is callable'])
				);
			case 6:
				return `vars[${chance.pick(["'word'", "'tpl'", "'nowhere'", "'tpl_dict'"])}]`;
			default:
				return `cycler(${chance.pick(['1, 2', '', "'a'"])}).${chance.pick(['next()', 'current', 'reset()', 'nope'])}`;
		}
	}

	/** A value for a parameter of some kind, sometimes of another. */
	#argument(kind: string): string {
		const chance = this.#chance;
		if (kind !== 'seed' && chance.percent(oddArguments)) return this.#of(chance.pick(simpleKinds));
		return this.#of(kind);
	}

	#of(kind: string): string {
		const chance = this.#chance;
		const pool = pools[kind];
		const known = variables[kind];
		if (kind === 'regex' && chance.percent(25)) return `'${patternOf(chance).replaceAll('\\', '\\\\').replaceAll("'", '"')}'`;
		if (pool) {
			if (this.#depth > 1 && chance.percent(5)) return this.#inner(() => this.#any());
			return chance.pick(pool);
		}
		if (this.#depth > 1 && chance.percent(22)) {
			const made = this.#inner(() => this.#result(kind));
			if (made) return made;
		}
		if (known && (chance.percent(65) || kind === 'dicts' || kind === 'result' || kind === 'troubled')) return chance.pick(known);
		return this.#literal(kind);
	}

	/** An expression that gives a value of a kind, when there are filters for it. */
	#result(kind: string): string {
		const chance = this.#chance;
		const makers: Readonly<Record<string, readonly string[]>> = {
			text: [
				'upper',
				'lower',
				'trim',
				'replace',
				'join',
				'string',
				'basename',
				'regex_replace',
				'to_json',
				'title',
				'b64encode',
				'indent',
				'first',
				'quote',
				'urlencode',
				'center',
				'format',
				'e',
			],
			list: [
				'map',
				'select',
				'reject',
				'sort',
				'unique',
				'union',
				'list',
				'selectattr',
				'split',
				'flatten',
				'zip',
				'batch',
				'dict2items',
				'reverse',
				'items',
				'dictsort',
				'groupby',
				'product',
				'regex_findall',
				'combinations',
			],
			dict: ['combine', 'items2dict', 'from_json', 'from_yaml', 'urlsplit', 'rekey_on_member'],
			integer: ['int', 'length', 'sum', 'max', 'count'],
			float: ['float', 'round', 'log', 'pow'],
			bool: ['bool'],
			number: ['int', 'length', 'float', 'abs', 'round', 'max'],
		};
		if (kind === 'bool' && chance.percent(70)) return this.#tested();
		const from = makers[kind];
		return from ? this.#filtered(chance.pick(from)) : '';
	}

	#literal(kind: string): string {
		const chance = this.#chance;
		switch (kind) {
			case 'any':
				return this.#depth > 1 && chance.percent(20)
					? this.#inner(() => this.#any())
					: this.#of(chance.pick(chance.percent(8) ? simpleKinds : usualKinds));
			case 'text':
				return chance.pick([
					"'abc'",
					"'Hello World'",
					"''",
					"'a,b;c'",
					"'É😀x'",
					"'  x '",
					"'10'",
					"'1.5'",
					"'true'",
					"'a\\nb'",
					"'\"'",
					"'<b>'",
					"'a b  c'",
					"'{x}'",
					"'%d'",
					"'ß'",
					"'aXbXc'",
					"'None'",
					"'-'",
					"'x' * 5",
					"'[1]'",
					"'ǆ'",
				]);
			case 'piece':
				return chance.pick(["'a'", "'l'", "'o'", "''", "' '", "'ka'", "'z'", "'lo'", "'-'", "'...'", "'é'", '1', 'none', "'k'"]);
			case 'integer':
				return chance.pick([
					'0',
					'1',
					'2',
					'3',
					'7',
					'10',
					'-1',
					'-5',
					'255',
					'1000',
					'12345678',
					'9007199254740993',
					'-3',
					'0x1f',
					'1_000',
					'true',
				]);
			case 'float':
				return chance.pick([
					'0.5',
					'1.0',
					'2.5',
					'-1.5',
					'3.14159',
					'1e3',
					'1e-5',
					'1e22',
					'0.1',
					'-0.0',
					'123456.789',
					'1e16',
					'0.0',
					'2.675',
					'1e308',
				]);
			case 'number':
				return this.#of(chance.pick(['integer', 'integer', 'float']));
			case 'range':
				return chance.pick(['10', '100', 'ports', 'words', '1', '0', '-5', "'abc'", '60', '2.5', '[]', '1000000']);
			case 'bool':
				return chance.percent(40) ? this.#inner(() => this.#tested()) : chance.pick(['true', 'false', 't', 'fa', 'True']);
			case 'list':
				return `[${chance.some(0, 4, () => this.#inner(() => this.#of(chance.pick(usualKinds)))).join(', ')}]`;
			case 'short':
				return chance.pick(['[1, 2]', "['a', 'b', 'c']", "'ab'", '[]', 'ports', '(1, 2)', 'conf', '[[1], [2]]']);
			case 'texts':
				return chance.pick(['words', 'int_texts', "['a', 'b']", 'groups.kafka', "'abc'", '[]', 'ports', 'conf']);
			case 'paths':
				return chance.pick([
					"['/a', 'b']",
					"['/a/b', '/a/c']",
					"['a', '/b']",
					"'/x'",
					"['/usr/lib', '/usr/local/lib']",
					"['a']",
					'[]',
					"['/a', 'b/c']",
					"['~', '..', 'x']",
					"['a/', '']",
				]);
			case 'tuple':
				return chance.pick(['(1, 2)', "('a', 'b')", '()', '(1,)', "('b', 1, none)"]);
			case 'dict':
				return `{${chance.some(0, 3, () => `${chance.pick(["'a'", "'b'", "'x y'", '1', "'num'", "'deep'", "'list'", 'none', "'10'", '1.5'])}: ${this.#inner(() => this.#of(chance.pick(usualKinds)))}`).join(', ')}}`;
			case 'percent':
				return chance.pick([
					"'%s'",
					"'%d'",
					"'%s-%s'",
					"'%5.2f|%-5s|'",
					"'%x %o %e'",
					"'%r'",
					"'%%'",
					"'%(a)s'",
					"'%c'",
					"'%+d'",
					'fmt',
					"'%5s'",
					"'%.3g'",
					"'%i %u'",
					"'%#x'",
					"'% d'",
					"'%'",
					"'%z'",
					"'%*d'",
					"'%.2s'",
					"'%05d'",
					"'%a'",
					"'%G'",
				]);
			default:
				throw new Error(`there is no kind ${kind}`);
		}
	}
}
