import type {Facts, RawFacts} from './raw-facts.js';

/** `virtualization_*`, looked for in the order of Ansible's `facts/virtual/linux.py`: the first thing found gives type and role. */
export function virtualFacts(raw: RawFacts): Facts {
	const guest = new Set<string>();
	const host = new Set<string>();
	let found: readonly [type: string, role: string] | undefined;
	const note = (role: 'guest' | 'host', type: string, tech: string = type) => {
		(role === 'guest' ? guest : host).add(tech);
		found ??= [type, role];
	};

	for (const line of (raw.file('/proc/1/cgroup') ?? '').split('\n')) {
		if (/\/docker(\/|-[0-9a-f]+\.scope)/.test(line)) note('guest', 'docker');
		if (/\/lxc\/|\/machine.slice\/machine-lxc/.test(line)) note('guest', 'lxc');
		if (/\/system.slice\/containerd.service/.test(line)) note('guest', 'containerd');
	}
	for (const line of raw.lines('init')) {
		if (/container=lxc/.test(line)) note('guest', 'lxc');
		if (/container=podman/.test(line)) note('guest', 'podman');
		if (/^container=./.test(line)) note('guest', 'container');
	}
	if (raw.exists('/proc/vz') && !raw.exists('/proc/lve')) note(raw.exists('/proc/bc') ? 'host' : 'guest', 'openvz');
	const container = raw.file('/run/systemd/container');
	if (container) note('guest', container);
	if (raw.exists('/.dockerenv') || raw.exists('/.dockerinit')) note('guest', 'docker');
	if (container || ['docker', 'lxc', 'podman', 'openvz', 'containerd'].some((tech) => guest.has(tech))) guest.add('container');
	if (raw.exists('/proc/xen')) {
		const isHost = (raw.file('/proc/xen/capabilities') ?? '').includes('control_d');
		if (isHost) note('host', 'xen');
		else found ??= ['xen', 'guest'];
	}
	for (const type of byFirmware(raw)) note('guest', type);
	for (const line of raw.lines('cpu')) {
		const type = processorTypes.find(([pattern]) => pattern.test(line))?.[1];
		if (type) note('guest', type);
	}
	const modules = (raw.file('/proc/modules') ?? '').split('\n').map((line) => line.split(' ')[0]);
	if (modules.includes('kvm')) note('host', 'kvm');
	if (modules.includes('vboxdrv')) note('host', 'virtualbox');
	if (modules.includes('virtio')) {
		host.add('kvm');
		found ??= ['kvm', 'guest'];
	}
	if (raw.text('dmidecode').startsWith('VMware')) note('guest', 'VMware');
	if (raw.text('dmidecode').includes('BHYVE')) note('guest', 'bhyve');
	if (raw.exists('/dev/kvm')) note('host', 'kvm');
	const [type, role] = found ?? ['NA', 'NA'];
	return {
		virtualization_type: type,
		virtualization_role: role,
		virtualization_tech_guest: [...guest],
		virtualization_tech_host: [...host],
	};
}

const processorTypes: readonly (readonly [RegExp, string])[] = [
	[/^model name.*QEMU Virtual CPU/, 'kvm'],
	[/^vendor_id.*User Mode Linux/, 'uml'],
	[/^model name.*UML/, 'uml'],
	[/^machine.*CHRP IBM pSeries .emulated by qemu./, 'kvm'],
	[/^vendor_id.*PowerVM Lx86/, 'powervm_lx86'],
];

/** What the firmware's names give away, in Ansible's order. */
function byFirmware(raw: RawFacts): string[] {
	const [product = '', vendor = '', family, bios = ''] = ['product_name', 'sys_vendor', 'product_family', 'bios_vendor'].map(
		(name) => raw.file(name),
	);
	const rules: readonly (readonly [boolean, string])[] = [
		[['KVM', 'KVM Server', 'Bochs', 'AHV', 'CloudStack KVM Hypervisor'].includes(product), 'kvm'],
		[vendor === 'oVirt', 'oVirt'],
		[vendor === 'Red Hat' && family === 'RHV', 'RHV'],
		[vendor === 'Red Hat' && family !== 'RHV' && product === 'RHEV Hypervisor', 'RHEV'],
		[product.startsWith('VMware'), 'VMware'],
		[['OpenStack Compute', 'OpenStack Nova'].includes(product), 'openstack'],
		[product === 'BHYVE', 'bhyve'],
		[bios === 'Xen', 'xen'],
		[bios === 'innotek GmbH', 'virtualbox'],
		[['Amazon EC2', 'DigitalOcean', 'Hetzner', 'Linode'].includes(bios), 'kvm'],
		[['QEMU', 'Amazon EC2', 'DigitalOcean', 'Google', 'Scaleway', 'Nutanix'].includes(vendor), 'kvm'],
		[vendor === 'KubeVirt', 'KubeVirt'],
		[vendor === 'Microsoft Corporation', 'VirtualPC'],
		[vendor === 'Parallels Software International Inc.', 'parallels'],
		[vendor === 'OpenStack Foundation', 'openstack'],
	];
	return rules.filter(([applies]) => applies).map(([, type]) => type);
}
