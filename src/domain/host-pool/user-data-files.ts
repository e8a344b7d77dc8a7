/** Units of systemd on a host, by their file's name below /etc/systemd/system. */
export const UNITS: Readonly<Record<string, string>> = {
  // Docker waits for its certificate: without it, it would not start, and systemd would give up on it.
  'docker.service.d/jockey.conf': `[Unit]
ConditionPathExists=/etc/jockey/tls/host.pem
[Service]
Environment=BUILDKIT_STEP_LOG_MAX_SIZE=2147483647 BUILDKIT_STEP_LOG_MAX_SPEED=2147483647
ExecStart=
ExecStart=dockerd
`,
  'consul.service': `[Unit]
Description=Consul agent
After=network-online.target docker.service
Wants=network-online.target
ConditionPathExists=/etc/jockey/consul.json
[Service]
User=consul
SupplementaryGroups=docker
StateDirectory=consul
ExecStart=consul agent -config-file=/etc/jockey/consul.json
ExecReload=/bin/kill -HUP $MAINPID
KillSignal=SIGTERM
Restart=on-failure
RestartSec=5
LimitNOFILE=65536
[Install]
WantedBy=multi-user.target
`,
  'jockey-join.service': `[Unit]
Description=Make this machine a host of Jockey, and keep it one
After=network-online.target
Wants=network-online.target
StartLimitIntervalSec=0
[Service]
Type=oneshot
ExecStart=/usr/local/sbin/jockey-join
Restart=on-failure
RestartSec=15
`,
  'jockey-join.timer': `[Timer]
OnBootSec=20
OnUnitActiveSec=12h
RandomizedDelaySec=10min
[Install]
WantedBy=timers.target
`,
};
