import type {Facts, RawFacts} from './raw-facts.js';

/** The later ones win, as in Ansible's table. */
const packageManagers: readonly (readonly [path: string, name: string])[] = [
	['/usr/bin/rpm', ''],
	['/usr/bin/yum', 'dnf'],
	['/usr/bin/dnf-3', 'dnf'],
	['/usr/bin/dnf5', 'dnf5'],
	['/usr/bin/apt-get', 'apt'],
	['/usr/bin/zypper', 'zypper'],
	['/usr/sbin/urpmi', 'urpmi'],
	['/usr/bin/pacman', 'pacman'],
	['/bin/opkg', 'opkg'],
	['/usr/pkg/bin/pkgin', 'pkgin'],
	['/opt/local/bin/pkgin', 'pkgin'],
	['/opt/tools/bin/pkgin', 'pkgin'],
	['/opt/local/bin/port', 'macports'],
	['/usr/local/bin/brew', 'homebrew'],
	['/opt/homebrew/bin/brew', 'homebrew'],
	['/sbin/apk', 'apk'],
	['/usr/sbin/pkg', 'pkgng'],
	['/usr/sbin/swlist', 'swdepot'],
	['/usr/bin/emerge', 'portage'],
	['/usr/sbin/pkgadd', 'svr4pkg'],
	['/usr/bin/pkg', 'pkg5'],
	['/usr/bin/xbps-install', 'xbps'],
	['/usr/local/sbin/pkg', 'pkgng'],
	['/usr/bin/swupd', 'swupd'],
	['/usr/sbin/sorcery', 'sorcery'],
	['/usr/bin/installp', 'installp'],
];

/** `pkg_mgr`: the host's own package manager, which its family decides where several are installed. */
export function packageManager(raw: RawFacts, family: string): Facts {
	let name = 'unknown';
	for (const [path, manager] of packageManagers) {
		if (manager && raw.exists(path) && !(family === 'Altlinux' && path === '/usr/bin/pkg')) name = manager;
	}
	if (family === 'RedHat') name = redHatManager(raw);
	else if (family === 'Debian') name = 'apt';
	else if (family === 'Altlinux' && name === 'apt') name = 'apt_rpm';
	return {pkg_mgr: name === 'apt' && raw.text('rpm') === 'yes' ? 'apt_rpm' : name};
}

function redHatManager(raw: RawFacts): string {
	if (raw.exists('/run/ostree-booted')) return 'atomic_container';
	const path = ['/usr/bin/dnf', '/usr/bin/microdnf'].find((one) => raw.exists(one));
	if (!path) return 'unknown';
	const link = raw.lines('links').find((line) => line.startsWith(`${path}:`));
	return link?.split(':')[2] === '/usr/bin/dnf5' ? 'dnf5' : 'dnf';
}

const firstPrograms: Readonly<Record<string, string>> = {
	procd: 'openwrt_init',
	'runit-init': 'runit',
	svscan: 'svc',
	'openrc-init': 'openrc',
};

/** `service_mgr`: what the first process is, or, where that says nothing, what is installed. */
export function serviceManager(raw: RawFacts, system: string, distribution: string): Facts {
	const init = raw
		.lines('links')
		.find((line) => line.startsWith('/sbin/init:'))
		?.split(':')[1];
	const program = (raw.file('/proc/1/comm') ?? init)?.split('/').at(-1)?.trim();
	if (program && program !== 'init' && !program.endsWith('sh')) return {service_mgr: firstPrograms[program] ?? program};
	if (system.includes('BSD') || system === 'DragonFly') return {service_mgr: 'bsdinit'};
	if (distribution === 'MacOSX') return {service_mgr: 'launchd'};
	if (distribution === 'OpenWrt') return {service_mgr: 'openwrt_init'};
	if (distribution === 'SMGL') return {service_mgr: 'simpleinit_msb'};
	return {service_mgr: (system === 'Linux' && installedManager(raw, init)) || 'service'};
}

function installedManager(raw: RawFacts, init: string | undefined): string | undefined {
	const hasSystemd = raw.has('systemctl');
	if (hasSystemd && ['/run/systemd/system', '/dev/.run/systemd', '/dev/.systemd'].some((path) => raw.exists(path)))
		return 'systemd';
	if (raw.has('initctl') && raw.exists('/etc/init')) return 'upstart';
	if (raw.exists('/sbin/openrc')) return 'openrc';
	if (hasSystemd && init?.split('/').at(-1) === 'systemd') return 'systemd';
	if (raw.exists('/etc/init.d')) return 'sysvinit';
	return raw.exists('/etc/dinit.d') ? 'dinit' : undefined;
}
