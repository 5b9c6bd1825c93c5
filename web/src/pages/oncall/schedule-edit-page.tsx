export const NewSchedulePage = () => null;
export const EditSchedulePage = () => null;
