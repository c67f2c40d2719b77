# %% wrong "Shuffles with a fixed number and uses the seed only to choose one of four folds, so seeds 0 and 4 give the same split." name="trial6_seed_picks_fold" breaks="seed"
def split_by_object(labels, groups, seed):
    from sklearn.model_selection import StratifiedGroupKFold

    splitter = StratifiedGroupKFold(n_splits=4, shuffle=True, random_state=0)
    folds = list(splitter.split(np.zeros(len(labels)), labels, groups))
    train, held_out = folds[seed % 4]
    return train, held_out


# %% wrong "Passes the groups to StratifiedKFold, which ignores them, so that scenes of one object land in both parts." name="trial6_groups_ignored" breaks="no leak"
def split_by_object(labels, groups, seed):
    from sklearn.model_selection import StratifiedKFold

    splitter = StratifiedKFold(n_splits=4, shuffle=True, random_state=seed)
    train, held_out = next(splitter.split(np.zeros(len(labels)), labels, groups))
    return train, held_out


# %% right "Works with a pandas table of objects: shuffles it, ranks within each class and holds out the first quarter." name="trial6_pandas_rank"
def split_by_object(labels, groups, seed):
    import pandas as pd

    table = pd.DataFrame({"label": np.asarray(labels), "thing": np.asarray(groups)})
    things = table.drop_duplicates("thing").sample(frac=1.0, random_state=int(seed))
    by_class = things.groupby("label")["thing"]
    quota = (by_class.transform("size") / 4).round().clip(lower=1)
    chosen = things.loc[by_class.cumcount() < quota, "thing"]
    away = table["thing"].isin(chosen).to_numpy()
    return np.flatnonzero(~away), np.flatnonzero(away)
