export const CaughtMailPage = () => null;
