/**
 * The program that makes a machine a host. It is Python, which cloud-init needs itself and so is on every machine that
 * reads our user data; only its own library and `openssl` are used. Run again, it changes only what is not so yet.
 */
export const JOIN_PROGRAM = String.raw`#!/usr/bin/env python3
"""Makes this machine a host of Jockey, and keeps it one. Run at boot and twice a day; what is so already stays."""
import hashlib, io, json, os, pwd, shutil, socket, ssl, subprocess, sys, time, urllib.error, urllib.request, zipfile

ROOT = os.environ.get("JOCKEY_ROOT", "")
METADATA = os.environ.get("JOCKEY_METADATA", "http://169.254.169.254")
TLS = ROOT + "/etc/jockey/tls/"
SYSTEM_ID = "/etc/jockey/tls/of.json"


def run(*args, **more):
    return subprocess.run(args, check=True, **more)


def read(path):
    try:
        with open(ROOT + path) as file:
            return file.read()
    except FileNotFoundError:
        return None


def write(path, text, mode=0o644, owner=None):
    """Whole or not at all; answers whether it changed."""
    if read(path) == text:
        return False
    os.makedirs(os.path.dirname(ROOT + path), exist_ok=True)
    new = ROOT + path + ".new"
    with open(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode), "w") as file:
        file.write(text)
    os.chmod(new, mode)
    if owner is not None:
        run("chown", owner, new)
    os.rename(new, ROOT + path)
    return True


def ask(url, data=None, headers={}, method=None):
    ca = ROOT + "/etc/jockey/jockey-ca.pem"
    tls = ssl.create_default_context(cafile=ca if os.path.exists(ca) else None) if url.startswith("https:") else None
    request = urllib.request.Request(url, data=data, headers=headers, method=method)
    try:
        with urllib.request.urlopen(request, timeout=60, context=tls) as answer:
            return answer.read()
    except urllib.error.HTTPError as error:
        sys.exit("%s answered %s: %s" % (url, error.code, error.read().decode(errors="replace")[:2000]))


def own_address(towards):
    """The address by which this machine would speak to another; nothing is sent."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.connect((towards, 9))
        return probe.getsockname()[0]


def identity(settings):
    """Which machine this is, and its address: as the group's metadata service says (version 2), else as it sees itself."""
    if not settings["in_group"]:
        return None, own_address("192.0.2.1")
    ttl = {"X-aws-ec2-metadata-token-ttl-seconds": "300"}
    token = ask(METADATA + "/latest/api/token", headers=ttl, method="PUT").decode()
    about = lambda key: ask(METADATA + "/latest/meta-data/" + key, headers={"X-aws-ec2-metadata-token": token}).decode()
    return about("instance-id"), about("local-ipv4")


def certificate_is_good(renew_before):
    """Renewed some days before its end, or at half of a shorter time: never again and again while its authority ends."""
    if read("/etc/jockey/tls/host.pem") is None:
        return False
    said = run("openssl", "x509", "-in", TLS + "host.pem", "-noout", "-dates", stdout=subprocess.PIPE).stdout.decode()
    start, end = (ssl.cert_time_to_seconds(line.split("=", 1)[1]) for line in said.strip().split("\n"))
    return time.time() < end - min(renew_before, (end - start) / 2)


def request_of(address):
    """A request for a certificate, signed with this machine's own key, which never leaves it."""
    os.makedirs(TLS, mode=0o700, exist_ok=True)
    if not os.path.exists(TLS + "key.pem"):
        run("openssl", "genpkey", "-quiet", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256", "-out", TLS + "key.pem")
        os.chmod(TLS + "key.pem", 0o600)
    subject = ["-subj", "/CN=" + address, "-addext", "subjectAltName=IP:" + address]
    return run("openssl", "req", "-new", "-key", TLS + "key.pem", *subject, stdout=subprocess.PIPE).stdout.decode()


def ask_for_certificate(settings, machine, address):
    """The first time by the token; later by the certificate that is still good. Secrets of Consul come with it."""
    asked = {"csr": request_of(address), "token": settings["token"], "machine": machine}
    old = read("/etc/jockey/tls/host.pem")
    if old is not None:
        asked["certificate"] = old
    body = json.dumps({key: value for key, value in asked.items() if value is not None}).encode()
    url = settings["jockey"] + "/hosts/certificates"
    given = json.loads(ask(url, body, {"Content-Type": "application/json", "User-Agent": "jockey-host"}))["data"]
    write("/etc/jockey/tls/authority.pem", given["authority"])
    write("/etc/jockey/tls/consul.json", json.dumps(given["consul"]), 0o600)
    write("/etc/jockey/tls/host.pem", given["certificate"])


def install_docker():
    if shutil.which("dockerd") is None:
        quiet = dict(os.environ, DEBIAN_FRONTEND="noninteractive")
        run("apt-get", "-o", "DPkg::Lock::Timeout=600", "install", "-y", "docker.io", env=quiet)


def install_consul(program):
    if shutil.which("consul") is None:
        if program is None:
            sys.exit("There is no program consul: have it in the machine's image, or set HOST_CONSUL_URL of Jockey.")
        packed = ask(program["url"])
        if hashlib.sha256(packed).hexdigest() != program["sha256"]:
            sys.exit("What %s gave is not the file that was meant: its SHA-256 is another." % program["url"])
        with zipfile.ZipFile(io.BytesIO(packed)) as archive, open("/usr/local/bin/consul.new", "wb") as file:
            file.write(archive.read("consul"))
        os.chmod("/usr/local/bin/consul.new", 0o755)
        os.rename("/usr/local/bin/consul.new", "/usr/local/bin/consul")
    try:
        pwd.getpwnam("consul")
    except KeyError:
        run("useradd", "--system", "--user-group", "--no-create-home", "--shell", "/usr/sbin/nologin", "consul")


def offer(reserved):
    """What containers may have: what the machine has, less what it keeps."""
    has = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 2**20
    return {
        "memory_mb": str(max(int(has - reserved["memory_mb"]), 1)),
        "cpus": "%g" % max(os.cpu_count() - reserved["cpus"], 0.1),
    }


def registration(settings, machine, address):
    ping = ["curl", "-fsS", "--max-time", "5", "--unix-socket", ROOT + "/run/docker.sock", "http://docker/_ping"]
    name, port = settings["service"], settings["docker_port"]
    checks = [
        {"id": name + "-docker", "name": "Docker answers", "args": ping, "interval": "10s", "timeout": "6s"},
        {"id": name + "-port", "name": "Docker's port is open", "tcp": "%s:%d" % (address, port), "interval": "10s", "timeout": "5s"},
    ]
    meta = dict(offer(settings["reserved"]), docker_endpoint="https://%s:%d" % (address, port))
    if machine is not None:
        meta["machine"] = machine
    return {"id": name, "name": name, "address": address, "port": port, "meta": meta, "checks": checks}


def consul_settings(settings, machine, address):
    secrets = json.loads(read("/etc/jockey/tls/consul.json"))
    agent = dict(settings["consul"])
    if agent.pop("tls_authority", False):
        agent.update(ca_file="/etc/jockey/consul-ca.pem", verify_outgoing=True)
    if secrets["gossip_key"] is not None:
        agent["encrypt"] = secrets["gossip_key"]
    if secrets["token"] is not None:
        agent["acl"] = {"enabled": True, "tokens": {"agent": secrets["token"], "default": secrets["token"]}}
    agent.update(
        node_name=machine or socket.gethostname().split(".")[0], bind_addr=address, client_addr=address + " 127.0.0.1",
        data_dir=ROOT + "/var/lib/consul", enable_local_script_checks=True, leave_on_terminate=True,
        rejoin_after_leave=True, disable_update_check=True, services=[registration(settings, machine, address)],
    )
    return json.dumps(agent, indent=1, sort_keys=True) + "\n"


def forget_another_machine(machine, address):
    """A disk that was copied from a host brings that host's key: it is not this machine's."""
    me = json.dumps([machine, address])
    if read(SYSTEM_ID) not in (None, me):
        shutil.rmtree(TLS)
        shutil.rmtree(ROOT + "/var/lib/consul", ignore_errors=True)
    write(SYSTEM_ID, me, 0o600)


def main():
    settings = json.loads(read("/etc/jockey/host.json"))
    machine, address = identity(settings)
    forget_another_machine(machine, address)
    install_docker()
    install_consul(settings["consul_program"])
    if not certificate_is_good(settings["renew_before"]):
        ask_for_certificate(settings, machine, address)
    # What each runs with: it is restarted once that is another.
    for unit, wanted in [
        ("docker", [read("/etc/docker/daemon.json"), read("/etc/jockey/tls/host.pem")]),
        ("consul", [consul_settings(settings, machine, address)]),
    ]:
        if unit == "consul":
            write("/etc/jockey/consul.json", wanted[0], 0o640, "root:consul")
        run("systemctl", "enable", unit)
        digest = hashlib.sha256("".join(wanted).encode()).hexdigest()
        known = "/etc/jockey/tls/%s.running" % unit
        if read(known) != digest:
            run("systemctl", "restart", unit)
            write(known, digest)
        else:
            run("systemctl", "start", unit)


main()
`;
