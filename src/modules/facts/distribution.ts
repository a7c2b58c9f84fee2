import type {Facts, RawFacts} from './raw-facts.js';

/**
 * `distribution*` and `os_family`, by the rules of Ansible's `facts/system/distribution.py`: release files are tried in its order, and
 * the first that its distribution's reader accepts decides. What no reader says comes from os-release.
 */
export function distributionFacts(raw: RawFacts, system: string, release: string, version: string): Facts {
	if (system !== 'Linux') {
		const name = system === 'Darwin' ? 'MacOSX' : system;
		return {distribution: name, distribution_release: release, distribution_version: version, os_family: families[name] ?? name};
	}
	const osRelease = parseOsRelease(raw.file('/etc/os-release') ?? raw.file('/usr/lib/os-release') ?? '');
	const facts: Facts = guess(raw, osRelease);
	for (const [path, name, empty] of releaseFiles) {
		const data = raw.file(path);
		if (empty && (data !== undefined || raw.exists(path))) {
			Object.assign(facts, {distribution: name, distribution_file_path: path, distribution_file_variety: name});
			break;
		}
		if (data === undefined) continue;
		const found = readFile(name, data.replace(/^['"\\]+|['"\\]+$/g, ''), path, raw, facts);
		if (!found) continue;
		Object.assign(facts, {
			distribution: name,
			distribution_file_path: path,
			distribution_file_variety: name,
			distribution_file_parsed: true,
			...found,
		});
		break;
	}
	const name = String(facts['distribution']);
	return {...facts, os_family: families[name] ?? name};
}

const releaseFiles: readonly (readonly [path: string, name: string, empty?: boolean])[] = [
	['/etc/altlinux-release', 'Altlinux'],
	['/etc/oracle-release', 'OracleLinux'],
	['/etc/slackware-version', 'Slackware'],
	['/etc/centos-release', 'CentOS'],
	['/etc/redhat-release', 'RedHat'],
	['/etc/vmware-release', 'VMwareESX', true],
	['/etc/openwrt_release', 'OpenWrt'],
	['/etc/os-release', 'Amazon'],
	['/etc/system-release', 'Amazon'],
	['/etc/alpine-release', 'Alpine'],
	['/etc/arch-release', 'Archlinux', true],
	['/etc/os-release', 'Archlinux'],
	['/etc/os-release', 'SUSE'],
	['/etc/SuSE-release', 'SUSE'],
	['/etc/gentoo-release', 'Gentoo'],
	['/etc/os-release', 'Debian'],
	['/etc/lsb-release', 'Debian'],
	['/etc/lsb-release', 'Mandriva'],
	['/etc/sourcemage-release', 'SMGL'],
	['/usr/lib/os-release', 'ClearLinux'],
	['/etc/coreos/update.conf', 'Coreos'],
	['/etc/os-release', 'Flatcar'],
	['/etc/os-release', 'NA'],
];

const searched: Readonly<Record<string, string>> = {
	OracleLinux: 'Oracle Linux',
	RedHat: 'Red Hat',
	Altlinux: 'ALT',
	SMGL: 'Source Mage GNU/Linux',
};

function readFile(name: string, data: string, path: string, raw: RawFacts, guessed: Facts): Facts | undefined {
	const text = searched[name];
	if (text !== undefined) {
		if (data.includes(text)) return {distribution: name, distribution_file_search_string: text};
		return {distribution: data.split(/\s+/)[0]!};
	}
	if (name === 'Archlinux') return data.includes('Arch Linux') ? {distribution: name} : undefined;
	return readers[name]?.(data, path, raw, guessed);
}

type Reader = (data: string, path: string, raw: RawFacts, guessed: Facts) => Facts | undefined;

const find = (pattern: RegExp, data: string): string | undefined => pattern.exec(data)?.[1];

const readers: Readonly<Record<string, Reader>> = {
	Slackware: (data) => (data.includes('Slackware') ? versioned(/(\w+[.]\w+\+?)/, data) : undefined),
	Amazon(data, path) {
		if (!data.includes('Amazon')) return undefined;
		if (path !== '/etc/os-release')
			return {distribution: 'Amazon', distribution_version: data.split(/\s+/).find((word) => /^\d+$/.test(word)) ?? 'NA'};
		const version = find(/VERSION_ID="(.*)"/, data);
		if (version === undefined) return {distribution: 'Amazon'};
		const [major, minor = 'NA'] = version.split('.');
		return {
			distribution: 'Amazon',
			distribution_version: version,
			distribution_major_version: major!,
			distribution_minor_version: minor,
		};
	},
	OpenWrt(data) {
		if (!data.includes('OpenWrt')) return undefined;
		return {
			distribution: 'OpenWrt',
			...given('distribution_version', find(/DISTRIB_RELEASE="(.*)"/, data)),
			...given('distribution_release', find(/DISTRIB_CODENAME="(.*)"/, data)),
		};
	},
	Alpine: (data) => ({distribution: 'Alpine', distribution_version: data}),
	SUSE: readSuse,
	Debian: readDebian,
	Mandriva(data) {
		if (!data.includes('Mandriva')) return undefined;
		return {
			distribution: 'Mandriva',
			...given('distribution_version', find(/DISTRIB_RELEASE="(.*)"/, data)),
			...given('distribution_release', find(/DISTRIB_CODENAME="(.*)"/, data)),
		};
	},
	ClearLinux(data) {
		const name = find(/NAME="(.*)"/, data);
		if (!name?.includes('Clear Linux')) return undefined;
		const version = find(/VERSION_ID=(.*)/, data);
		return {
			distribution: name,
			...(version === undefined ? {} : {distribution_major_version: version, distribution_version: version}),
			...given('distribution_release', find(/ID=(.*)/, data)),
		};
	},
	Coreos(data, _path, _raw, {distribution}) {
		return String(distribution).toLowerCase() === 'coreos'
			? given('distribution_release', find(/^GROUP=(.*)/, data)?.replace(/^"|"$/g, ''))
			: undefined;
	},
	Flatcar(data, _path, _raw, {distribution}) {
		if (String(distribution).toLowerCase() !== 'flatcar') return undefined;
		const version = find(/VERSION=(.*)/, data)?.replace(/^"|"$/g, '');
		return version === undefined ? {} : {distribution_major_version: version.split('.')[0]!, distribution_version: version};
	},
	CentOS(data) {
		if (data.includes('CentOS Stream')) return {distribution_release: 'Stream'};
		return data.includes('TencentOS Server') ? {distribution: 'TencentOS'} : undefined;
	},
	NA(data, _path, _raw, {distribution_version: known}) {
		const name = find(/^NAME=(.*)/m, data)?.replace(/^['"\\]+|['"\\]+$/g, '');
		const version = find(/^VERSION=(.*)/m, data)?.replace(/^['"\\]+|['"\\]+$/g, '');
		return {...given('distribution', name), ...(known === 'NA' ? given('distribution_version', version) : {})};
	},
};

function versioned(pattern: RegExp, data: string): Facts {
	return given('distribution_version', find(pattern, data));
}

function given(name: string, value: string | undefined): Facts {
	return value === undefined ? {} : {[name]: value};
}

function readSuse(data: string, path: string, raw: RawFacts, {distribution_version: known}: Facts): Facts | undefined {
	const lower = data.toLowerCase();
	if (!lower.includes('suse')) return undefined;
	const facts: Facts = {};
	if (path === '/etc/os-release') {
		Object.assign(facts, given('distribution', find(/^NAME=(.*)/m, data)?.replace(/^"+|"+$/g, '')));
		const version = find(/^VERSION_ID="?([0-9]+\.?[0-9]*)"?/m, data);
		if (version !== undefined)
			Object.assign(facts, {distribution_version: version, distribution_major_version: version.split('.')[0]!});
		const minor = find(/^VERSION_ID="?[0-9]+\.?([0-9]*)"?/m, data);
		if (minor !== undefined && lower.includes('open')) facts['distribution_release'] = minor;
		else if (minor !== undefined && lower.includes('enterprise')) facts['distribution_release'] = minor || '0';
	} else if (lower.includes('open')) {
		facts['distribution'] = data.split(/\s+/)[0]!;
		Object.assign(facts, given('distribution_release', find(/CODENAME *= *([^\n]+)/, data)?.trim()));
	} else if (lower.includes('enterprise')) {
		facts['distribution'] = data.includes('Server') ? 'SLES' : data.includes('Desktop') ? 'SLED' : undefined;
		const patch = find(/PATCHLEVEL = ([0-9]+)/, data);
		if (patch !== undefined)
			Object.assign(facts, {distribution_release: patch, distribution_version: `${String(known)}.${patch}`});
	}
	const variant = find(/^VARIANT_ID="?([^"\n]*)"?/m, data);
	const product = raw
		.lines('links')
		.find((line) => line.startsWith('/etc/products.d/baseproduct:'))
		?.split(':')[2];
	if (variant === undefined ? product?.endsWith('SLES_SAP.prod') : ['server-sap', 'sles-sap'].includes(variant))
		facts['distribution'] = 'SLES_SAP';
	else if (variant === undefined ? product?.endsWith('SL-Micro.prod') : variant === 'transactional')
		facts['distribution'] = 'SL-Micro';
	return facts;
}

function readDebian(data: string, path: string, raw: RawFacts, {distribution_release: known}: Facts): Facts | undefined {
	if (data.includes('Debian') || data.includes('Raspbian')) {
		const provided = find(/-(.*)/, raw.text('tzdata'));
		const minor = find(/\d+\.(\d+)/, raw.file('/etc/debian_version') ?? '');
		return {
			distribution: 'Debian',
			...given('distribution_release', find(/PRETTY_NAME=[^(]+ \(?([^)]+?)\)/, data)),
			...(known === 'NA' && data.includes('Debian') ? given('distribution_release', provided) : {}),
			...given('distribution_minor_version', minor),
		};
	}
	if (data.includes('Ubuntu')) return {distribution: 'Ubuntu'};
	if (data.includes('SteamOS')) return {distribution: 'SteamOS'};
	if (/^\/etc\/(lsb|os)-release$/.test(path) && /Kali|Parrot/.test(data)) {
		return {
			distribution: data.includes('Kali') ? 'Kali' : 'Parrot',
			...given('distribution_release', find(/DISTRIB_RELEASE=(.*)/, data)),
		};
	}
	if (data.includes('Devuan'))
		return {
			distribution: 'Devuan',
			...given('distribution_release', find(/PRETTY_NAME="?[^("]+ \(?([^) "]+)\)?/, data)),
			...numbered(find(/VERSION_ID="(.*)"/, data)),
		};
	for (const [pattern, name] of [
		[/Cumulus/, 'Cumulus Linux'],
		[/Mint/, 'Linux Mint'],
		[/UOS|Uos|uos/, 'Uos'],
		[/[Dd]eepin/, 'Deepin'],
	] as const) {
		if (!pattern.test(data)) continue;
		const release = name === 'Linux Mint' ? undefined : find(/VERSION_CODENAME="?([^"\n]+)"?/, data);
		return {distribution: name, ...given('distribution_release', release), ...numbered(find(/VERSION_ID="?([^"\n]*)"?/, data))};
	}
	return data.includes('LMDE') ? {distribution: 'Linux Mint Debian Edition'} : undefined;
}

function numbered(version: string | undefined): Facts {
	return version === undefined ? {} : {distribution_version: version, distribution_major_version: version.split('.')[0]!};
}

/** `NAME="value"` lines as the shell reads them. */
function parseOsRelease(text: string): Readonly<Record<string, string>> {
	const entries = text.split('\n').flatMap((line): [string, string][] => {
		const [, name, value] = /^([A-Za-z_]+)=(.*)$/.exec(line.trim()) ?? [];
		return name ? [[name.toLowerCase(), value!.replace(/^(["'])(.*)\1$/, '$2').replace(/\\(.)/g, '$1')]] : [];
	});
	return Object.fromEntries(entries);
}

/** What os-release and the files of distributions that give no minor version there say, as Python's `distro` reads them. */
function guess(raw: RawFacts, os: Readonly<Record<string, string>>): Facts {
	const id = os['id'] ?? idOfRelease(raw);
	const capital = id.charAt(0).toUpperCase() + id.slice(1).toLowerCase();
	const name = capital === 'Amzn' ? 'Amazon' : capital === 'Rhel' ? 'Redhat' : capital || 'OtherLinux';
	const file = raw.file(id === 'debian' ? '/etc/debian_version' : '/etc/centos-release') ?? '';
	const best = id === 'debian' ? find(/^(\d[\d.]*)/, file) : find(/(\d+(?:\.\d+)*)/, file);
	const plain =
		os['version_id'] ?? find(/(\d+(?:\.\d+)*)/, raw.file('/etc/redhat-release') ?? raw.file('/etc/system-release') ?? '') ?? '';
	const fuller = best !== undefined && best.split('.').length > plain.split('.').length ? best : plain;
	const version = id === 'debian' ? fuller : id === 'centos' ? fuller.split('.').slice(0, 2).join('.') : plain;
	const codename =
		os['version_codename'] ??
		os['ubuntu_codename'] ??
		find(/\(([^)]*)\)/, os['version'] ?? '') ??
		find(/, ([^\d\s].*)$/, os['version'] ?? '');
	const nameless = ['rocky', 'almalinux', 'rhel', 'centos', 'ol'].includes(id) && os['version_codename'] === undefined;
	const inRelease = nameless ? find(/\(([^)]*)\)/, raw.file('/etc/redhat-release') ?? '') : undefined;
	return {
		distribution: name || 'NA',
		distribution_version: version || 'NA',
		distribution_release: codename ?? inRelease ?? 'NA',
		distribution_major_version: version.split('.')[0] || 'NA',
	};
}

function idOfRelease(raw: RawFacts): string {
	const release = raw.file('/etc/redhat-release') ?? raw.file('/etc/system-release') ?? '';
	return (release.split(' release')[0] ?? '').split(' ')[0]!.toLowerCase();
}

const familyNames: Readonly<Record<string, readonly string[]>> = {
	RedHat:
		'RedHat|RHEL|Fedora|CentOS|Scientific|SLC|Ascendos|CloudLinux|PSBM|OracleLinux|OVS|OEL|Amazon|Amzn|Virtuozzo|XenServer|Alibaba|EulerOS|openEuler|AlmaLinux|Rocky|TencentOS|EuroLinux|Kylin Linux Advanced Server|MIRACLE'.split(
			'|',
		),
	Debian:
		'Debian|Ubuntu|Raspbian|Neon|KDE neon|Linux Mint|SteamOS|Devuan|Kali|Cumulus Linux|Pop!_OS|Parrot|Pardus GNU/Linux|Uos|Deepin|OSMC|Linux Mint Debian Edition|Univention Corporate Server'.split(
			'|',
		),
	Suse: 'SuSE|SLES|SLED|openSUSE|openSUSE Tumbleweed|SLES_SAP|SUSE_LINUX|openSUSE Leap|ALP-Dolomite|SL-Micro|openSUSE MicroOS'.split(
		'|',
	),
	Archlinux: ['Archlinux', 'Antergos', 'Manjaro'],
	Mandrake: ['Mandrake', 'Mandriva'],
	Solaris: ['Solaris', 'Nexenta', 'OmniOS', 'OpenIndiana', 'SmartOS'],
	Slackware: ['Slackware'],
	Gentoo: ['Gentoo', 'Funtoo'],
	Alpine: ['Alpine'],
	Darwin: ['MacOSX'],
	FreeBSD: ['FreeBSD', 'TrueOS'],
	ClearLinux: ['Clear Linux OS', 'Clear Linux Mix'],
};

const families: Readonly<Record<string, string>> = Object.fromEntries(
	Object.entries(familyNames).flatMap(([family, names]) => names.map((name) => [name, family])),
);
