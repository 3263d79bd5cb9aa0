/** What `--help` prints. */
export interface HelpDefaults {
  port: number;
  dataFolder: string;
  configFile: string;
  signInDays: number;
  graceSeconds: number;
  logLevels: readonly string[];
}

export function helpText(defaults: HelpDefaults): string {
  return `tabcast: a web UI for long-running agent turns

  npm start -- [options]

  --port <number>        port to listen on; 0 for any free one     [${defaults.port}]  TABCAST_PORT
  --host <address>       address to listen on                      [127.0.0.1]  TABCAST_HOST
  --data <folder>        sessions, sign-ins and the token          TABCAST_DATA
                         [${defaults.dataFolder}]
  --config <file>        agents, folders, hosts, limits            [./${defaults.configFile} if there is one]  TABCAST_CONFIG
  --secret <text>        sign in with this instead of the kept token; needed, or --users,
                         for a --host that other machines can reach  TABCAST_SECRET
  --users <file>         people sign in with names and passwords, each with sessions of their own;
                         made by npm run user add <name>           TABCAST_USERS
  --sign-in-days <n>     a sign-in ends when it was not used for so long  [${defaults.signInDays}]  TABCAST_SIGN_IN_DAYS
  --tls-cert <file>      serve HTTPS and HTTP/2: the certificate, PEM      TABCAST_TLS_CERT
  --tls-key <file>       its private key, PEM                      TABCAST_TLS_KEY
  --public-host <name>   a further name the server is reached by, for example behind a proxy; may be repeated
  --grace <seconds>      how long running turns may take to end by themselves when tabcast
                         is stopped                                [${defaults.graceSeconds}]  TABCAST_GRACE
  --help                 this text

A flag wins over its variable. TABCAST_LOG sets what is logged to stderr: ${defaults.logLevels.join(', ')} [warn].
When it serves, it prints one line with the address to open; without --users it signs you in.
`;
}
