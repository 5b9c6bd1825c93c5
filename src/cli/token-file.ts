/** In the data directory: the administrator's token with which the command line on the server's own machine speaks. */
export const CLI_TOKEN_FILE = "cli-token";
