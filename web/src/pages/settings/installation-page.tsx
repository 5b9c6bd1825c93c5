export const InstallationPage = () => null;
