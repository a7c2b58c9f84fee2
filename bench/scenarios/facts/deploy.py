# Of pyinfra's facts those that Ansible's `setup` gathers too.
from pyinfra import host
from pyinfra.facts import hardware, server, systemd
for fact in (
    server.Hostname, server.Kernel, server.KernelVersion, server.Arch, server.LinuxDistribution, server.LinuxName, server.User, server.Home,
    server.Path, server.Date, server.Mounts, server.Selinux, server.SecurityLimits, server.Locales,
    hardware.Cpus, hardware.Memory, hardware.BlockDevices, hardware.NetworkDevices, hardware.Ipv4Addrs, hardware.Ipv6Addrs,
):
    host.get_fact(fact)
