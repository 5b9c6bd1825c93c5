export const SchedulePage = () => null;
